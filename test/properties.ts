// Property tests draw the same cases in every run; PROPERTY_SEED=<integer> draws others, for nightly runs.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
