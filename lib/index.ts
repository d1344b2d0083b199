// The public face of quorumlab: named exports under short headings, nothing else.

// Staleness of partial quorums (WARS)
export type {
  LatencyEstimates,
  QuorumSizes,
  StalenessAnswer,
  StalenessQuestion,
} from "./quorum/question.ts";
export type { StalenessDefaults, StalenessRequest } from "./quorum/staleness.ts";
export { defaultStaleness, staleness, stalenessMethods } from "./quorum/staleness.ts";
export type { StalenessCurve, StalenessCurveRequest } from "./quorum/stalenessCurve.ts";
export { stalenessCurve } from "./quorum/stalenessCurve.ts";

// Latency of messages
export type { ProductionLatencyName, ProductionLegs } from "./quorum/productionLatencies.ts";
export {
  latencyByName,
  productionLatencies,
  productionLatencyNames,
  productionLegs,
} from "./quorum/productionLatencies.ts";
export type { WarsLatency, WarsLegs, WarsModel } from "./quorum/wars.ts";
export type {
  LocalReplicaOptions,
  PlacedReplicasOptions,
  RoundTrips,
} from "./quorum/warsLatency.ts";
export {
  identicalReplicas,
  localReplica,
  perReplica,
  placedReplicas,
  warsLegs,
} from "./quorum/warsLatency.ts";
export type { WarsLatencySpec, WarsLegsSpec } from "./quorum/warsLatencyFromJson.ts";
export { warsLatencyFromJson, warsLatencyToJson } from "./quorum/warsLatencyFromJson.ts";

// Simulation: scenarios, metrics, presets of real systems
export type {
  SimulatedMetric,
  SimulateOptions,
  SimulationResult,
} from "./scenarios/simulate.ts";
export { defaultSimulation, simulate } from "./scenarios/simulate.ts";
export { runSeed } from "./scenarios/runSeed.ts";
export type {
  ClientSite,
  ReplicaSite,
  Scenario,
  ScenarioWorkload,
  SingleLeaderDeployment,
} from "./scenarios/scenario.ts";
export type { ScriptedOperation } from "./scenarios/scriptActor.ts";
export { scenarioFromJson } from "./scenarios/scenarioFromJson.ts";
export { defaultScenario } from "./scenarios/scenarioShape.ts";
export { scenarioSchema } from "./scenarios/scenarioSchema.ts";
export { setPath } from "./scenarios/setPath.ts";
export type { JsonSchema } from "./scenarios/shapes/shape.ts";
export type { MetricDefinition, MetricKind } from "./scenarios/metrics/metricDefinitions.ts";
export type { RunMetrics } from "./scenarios/metrics/runMetrics.ts";
export { metricDefinitions } from "./scenarios/metrics/metricDefinitions.ts";
export type { Evidence, Preset, PresetParameter, PresetSetup } from "./presets/preset.ts";
export { presetScenario } from "./presets/presetScenario.ts";
export { presetByName, presetNames, presets } from "./presets/presets.ts";

// Witnesses, histories and traces of single runs
export type { BadOutcome } from "./scenarios/badOutcomes.ts";
export { badOutcomes, badOutcomeTexts } from "./scenarios/badOutcomes.ts";
export type { Witness, WitnessOptions } from "./scenarios/witness.ts";
export { findWitness } from "./scenarios/witness.ts";
export type { Wanted } from "./scenarios/witnessTrial.ts";
export type { ScenarioRun } from "./scenarios/runScenario.ts";
export { runScenario } from "./scenarios/runScenario.ts";
export type { History, OperationRecord } from "./core/history.ts";
export { historyFromLines, historyLines } from "./scenarios/historyLines.ts";
export type {
  CompleteEvent,
  FaultEvent,
  InvokeEvent,
  MessageEvent,
  ObserveEvent,
  TimerEvent,
  Trace,
  TraceEvent,
  TraceNode,
} from "./core/trace.ts";
export { causalPast } from "./core/causalPast.ts";
export type { SliceOptions } from "./core/traceSlice.ts";
export { sliceOf } from "./core/traceSlice.ts";
export type { TraceTextOptions } from "./core/traceText.ts";
export { traceText } from "./core/traceText.ts";
export type { SpaceTimeChartOptions } from "./charts/spaceTimeChart.ts";
export { spaceTimeChart } from "./charts/spaceTimeChart.ts";

// Parts of a scenario
export type {
  BandwidthSpec,
  BurstLoss,
  IndependentLoss,
  JitterSpec,
  LatencySpec,
  LinkEnd,
  LinkSpec,
  LossSpec,
  NetworkSpec,
  OneWayLatency,
  RoundTripLatency,
  StreamSpec,
  TransportSpec,
} from "./simulation/networkSpec.ts";
export { linuxStream } from "./simulation/networkSpec.ts";
export type { DiskSpec } from "./simulation/diskSpec.ts";
export type { ClockSpec, NodeClockSpec, ResyncSpec } from "./simulation/clockSpec.ts";
export type {
  CutLinks,
  FaultAction,
  FaultDuration,
  FaultSpec,
  FaultTarget,
  FaultTimes,
  Flapping,
  Window,
} from "./simulation/faults/faultSpec.ts";
export type { NodeName, NodeSet } from "./simulation/nodeSet.ts";
export type { TimeSpec } from "./simulation/needTime.ts";
export type { PartitionDurations } from "./simulation/faults/partitionDurations.ts";
export { partitionDurations } from "./simulation/faults/partitionDurations.ts";
export type {
  ArrivalsSpec,
  Bursts,
  ClientGroup,
  Conversations,
  Daily,
  KeysSpec,
  Modulation,
  OperationMix,
  Rate,
  ReadAfterWrite,
  SessionsSpec,
  WorkloadSpec,
} from "./simulation/workload/workloadSpec.ts";
export type {
  Acknowledgement,
  ClientOptions,
  Detector,
  Failover,
  Fencing,
  LogFormat,
  ReadRouting,
  Retention,
  Shipping,
  SingleLeaderOptions,
} from "./protocols/single-leader/options.ts";
export {
  defaultClientOptions,
  defaultSingleLeaderOptions,
} from "./protocols/single-leader/options.ts";

// The simulator itself, for protocols of your own
export type {
  AnyHandler,
  AnyProtocol,
  Completion,
  Delay,
  Durable,
  Effects,
  Operation,
  Protocol,
} from "./core/protocol.ts";
export type {
  Actor,
  Controls,
  OperationRequest,
  RunObserver,
  SentMessage,
  StepObserver,
  World,
  WorldNode,
} from "./simulation/world.ts";
export type { Simulation } from "./simulation/simulation.ts";
export { simulation } from "./simulation/simulation.ts";
export type { Company } from "./simulation/simulator.ts";
export type { TraceOptions } from "./simulation/traceRecorder.ts";
export type { RunPlan } from "./simulation/traceRun.ts";
export { traceRun } from "./simulation/traceRun.ts";
export type { InspectedRun, Moment, StateStep } from "./simulation/inspectRun.ts";
export { inspectRun } from "./simulation/inspectRun.ts";

// Sweeps
export { interruptible } from "./notebook/interrupt.ts";
export { sweep } from "./notebook/sweep.ts";
export type { Grid, GridPoint } from "./sweeps/grid.ts";
export type { Measure, MeasureOutput, MeasureResult, RowPlan } from "./sweeps/measure.ts";
export { defineMeasure, wholeRow } from "./sweeps/measure.ts";
export type { MeasureName } from "./sweeps/measures.ts";
export { measureNames, measures } from "./sweeps/measures.ts";
export type { SweepProgress } from "./sweeps/progress.ts";
export type { SweepPairing } from "./sweeps/rowSeed.ts";
export type { SweepRequest } from "./sweeps/sweep.ts";

// Charts
export type { BarChartOptions } from "./charts/barChart.ts";
export { barChart } from "./charts/barChart.ts";
export type { ChartParts, ChartSpec } from "./charts/chart.ts";
export { Chart } from "./charts/chart.ts";
export type { CumulativeChartOptions, CumulativeCurve } from "./charts/cumulativeChart.ts";
export { cumulativeChart } from "./charts/cumulativeChart.ts";
export type { ChartOptions } from "./charts/drawing.ts";
export type { Axis, Field, Rows } from "./charts/field.ts";
export type { HeatMapOptions } from "./charts/heatMap.ts";
export { heatMap } from "./charts/heatMap.ts";
export type { LineChartOptions } from "./charts/lineChart.ts";
export { lineChart } from "./charts/lineChart.ts";
export type { ParetoAxis, ParetoChartOptions } from "./charts/paretoChart.ts";
export { paretoChart } from "./charts/paretoChart.ts";
export type { Better } from "./charts/paretoFront.ts";
export type { FilterSlider, RuleSlider } from "./charts/slider.ts";
export type { PanelOptions, SmallMultiplesOptions } from "./charts/smallMultiples.ts";
export { smallMultiples } from "./charts/smallMultiples.ts";

// Display
export { display } from "./notebook/display.ts";
export type { ChartTheme } from "./charts/palette.ts";
export { chartToPng, chartToSvg } from "./notebook/renderChart.ts";
export { saveChart } from "./notebook/saveChart.ts";

// Datasets
export type { DatasetEntry } from "./notebook/datasetRegistry.ts";
export { datasets } from "./notebook/datasetRegistry.ts";
export type { MeasuredRoundTrips, RoundTrip } from "./notebook/datasetRoundTrips.ts";
export { loadRoundTrips, roundTripDatasets } from "./notebook/datasetRoundTrips.ts";
export type {
  LatencyColumn,
  PercentileColumns,
} from "./notebook/datasetSamples.ts";
export { loadLatencySamples, loadPercentiles } from "./notebook/datasetSamples.ts";
export type {
  ExactStalenessRow,
  ExactTable4Row,
  ProductionFitRow,
  PublishedSetting,
  PublishedTable4Row,
} from "./notebook/datasetTables.ts";
export {
  loadExactStaleness,
  loadExactTable4,
  loadProductionFits,
  loadPublishedTable4,
} from "./notebook/datasetTables.ts";
export type { TimeUnit } from "./notebook/datasetUnits.ts";
export type { CsvColumn, CsvKind, CsvRow, CsvSchema, CsvValue } from "./notebook/readCsv.ts";
export { readCsv } from "./notebook/readCsv.ts";

// Distributions
export type { Distribution, DistributionSpec } from "./core/distribution.ts";
export type { Constant } from "./core/distributions/constant.ts";
export { constant } from "./core/distributions/constant.ts";
export type {
  EmpiricalFromPercentiles,
  Percentile,
} from "./core/distributions/empiricalFromPercentiles.ts";
export { empiricalFromPercentiles } from "./core/distributions/empiricalFromPercentiles.ts";
export type { EmpiricalFromSamples } from "./core/distributions/empiricalFromSamples.ts";
export { empiricalFromSamples } from "./core/distributions/empiricalFromSamples.ts";
export { exponential } from "./core/distributions/exponential.ts";
export type { Gamma } from "./core/distributions/gamma.ts";
export { gamma } from "./core/distributions/gamma.ts";
export type { LogNormal } from "./core/distributions/logNormal.ts";
export { logNormal } from "./core/distributions/logNormal.ts";
export type { MixturePart } from "./core/distributions/mixture.ts";
export { mixture } from "./core/distributions/mixture.ts";
export type { Pareto } from "./core/distributions/pareto.ts";
export { pareto } from "./core/distributions/pareto.ts";
export type { MeanOrRate } from "./core/distributions/rate.ts";
export type { DistributionFamily } from "./core/distributions/family.ts";
export { distributionFamilies, distributionFromJson } from "./core/distributions/registry.ts";
export { shifted } from "./core/distributions/shifted.ts";
export type { ShiftedExponential } from "./core/distributions/shiftedExponential.ts";
export { shiftedExponential } from "./core/distributions/shiftedExponential.ts";
export type { TruncatedNormal } from "./core/distributions/truncatedNormal.ts";
export { truncatedNormal } from "./core/distributions/truncatedNormal.ts";
export type { Uniform } from "./core/distributions/uniform.ts";
export { uniform } from "./core/distributions/uniform.ts";
export type { Weibull } from "./core/distributions/weibull.ts";
export { weibull } from "./core/distributions/weibull.ts";

// Durations
export type { Duration } from "./core/duration.ts";
export { durationMs, formatDuration } from "./core/duration.ts";
export type { Millis, Probability } from "./core/units.ts";
export { millis, probability } from "./core/units.ts";

// Random streams
export type { CounterRandom } from "./core/counterRandom.ts";
export { counterRandom } from "./core/counterRandom.ts";
export type { RandomState, UniformSource } from "./core/random.ts";
export { RandomStream, randomStream } from "./core/random.ts";
export type { StreamKey } from "./core/streamKey.ts";

// Estimates and tables
export type { Estimate, EstimateMethod } from "./core/estimate.ts";
export { defaultConfidence, estimateMethods, exactEstimate, isEstimate } from "./core/estimate.ts";
export { formatEstimate } from "./core/formatEstimate.ts";
export type { IntervalOptions, SampleOrMoments } from "./core/meanEstimate.ts";
export { differenceEstimate, meanEstimate } from "./core/meanEstimate.ts";
export type { MomentsState } from "./core/moments.ts";
export { Moments } from "./core/moments.ts";
export type { ProportionCounts, ProportionMethod } from "./core/proportion.ts";
export { proportion } from "./core/proportion.ts";
export { quantileEstimate } from "./core/quantileEstimate.ts";
export type { SortDirection, TableInput } from "./core/table.ts";
export { Table } from "./core/table.ts";
export type { Cell, Column, ColumnKind, Row, TableData } from "./core/tableData.ts";
export type { TableHtmlOptions } from "./core/tableHtml.ts";
export type { TableTextOptions } from "./core/tableText.ts";

// Evaluators of the staleness model, one by one
export type { CountedStaleness, CountQuery } from "./quorum/countedStaleness.ts";
export { countedStaleness } from "./quorum/countedStaleness.ts";
export type { LogHistogram } from "./core/logHistogram.ts";
export type { CountPlan, CountRequest } from "./quorum/countPlan.ts";
export { countPlan } from "./quorum/countPlan.ts";
export type { ChunkSpan, PairCounts, StalenessCounts } from "./quorum/countStaleness.ts";
export { countAllPairs, countStaleness } from "./quorum/countStaleness.ts";
export type { GridRule } from "./quorum/gridVisibility.ts";
export { gridVisibility } from "./quorum/gridVisibility.ts";
export type { OperationWait } from "./quorum/operationLatency.ts";
export {
  operationKinds,
  operationLatency,
  operationPercentile,
  operationTail,
} from "./quorum/operationLatency.ts";
export { replicasMax, warsModel } from "./quorum/warsModel.ts";

// Closed forms
export type { Suspicion } from "./protocols/single-leader/failover/detector.ts";
export { phi, suspectAfterMs } from "./protocols/single-leader/failover/detector.ts";
export type { ElectionSetting } from "./protocols/single-leader/failover/electionTimes.ts";
export {
  expectedEarliestTimeoutMs,
  expectedElectionMs,
  splitVoteProbability,
} from "./protocols/single-leader/failover/electionTimes.ts";
export type { StallSetting } from "./protocols/single-leader/failover/falseSuspicion.ts";
export { falseSuspicionProbability } from "./protocols/single-leader/failover/falseSuspicion.ts";
export type { ExponentialSpread } from "./quorum/spreadStaleness.ts";
export {
  exponentialStaleness,
  spreadStaleReadProbability,
  staleVersionsBound,
} from "./quorum/spreadStaleness.ts";
export type { StalenessLoad } from "./quorum/stalenessLoadBound.ts";
export { stalenessLoadBound } from "./quorum/stalenessLoadBound.ts";
export type { MonotonicReadRates } from "./quorum/staleReadProbability.ts";
export {
  staleMonotonicReadProbability,
  staleReadProbability,
} from "./quorum/staleReadProbability.ts";

// Notebooks and reports
export type { ReportFormat, ReportOptions, WrittenReport } from "./notebook/reportNotebook.ts";
export { reportNotebook } from "./notebook/reportNotebook.ts";
export type {
  CellOutput,
  DisplayOutput,
  ErrorOutput,
  MimeBundle,
  Notebook,
  NotebookCell,
  StreamOutput,
} from "./notebook/runFormat.ts";
export type { NotebookProgress, NotebookRun, RunOptions } from "./notebook/runNotebook.ts";
export type { NotebookParameter } from "./notebook/runParameters.ts";
export { runNotebook } from "./notebook/runNotebook.ts";

// Help
export { help } from "./help.ts";
export type { HelpText } from "./notebook/helpText.ts";
