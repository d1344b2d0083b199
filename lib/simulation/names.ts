/** Names of messages and timers as small integers, which index tables faster than texts. */
export class Names {
  private readonly ids = new Map<string, number>();
  private readonly names: string[] = [];

  get count(): number {
    return this.names.length;
  }

  add(name: string): void {
    if (this.ids.has(name)) return;
    this.ids.set(name, this.names.length);
    this.names.push(name);
  }

  /** @throws {Error} if no protocol of the world handles such a message or timer */
  idOf(name: string): number {
    const id = this.ids.get(name);
    if (id === undefined) {
      throw new Error(`quorumlab: no protocol of this world handles "${name}"`);
    }
    return id;
  }

  nameOf(id: number): string {
    return this.names[id]!;
  }
}
