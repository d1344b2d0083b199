/**
 * Mean of dependent observations, with its standard error by the means of batches: these hardly depend
 * on each other where a batch is long against the memory of the process.
 *
 * @param next the next observation
 */
export function batchMeans(
  { batches, size }: { batches: number; size: number },
  next: () => number,
): { mean: number; error: number } {
  const means = Array.from({ length: batches }, () => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += next();
    return sum / size;
  });
  const mean = means.reduce((a, b) => a + b, 0) / batches;
  const squares = means.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (batches - 1) / batches) };
}
