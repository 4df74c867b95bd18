export * from './exploration';
export { countInterleavings, countSlices } from './count';
export { explore, exploreAsync, exploreSlices } from './explore';
export { passingNear } from './passingNear';
export * from './program';
export { replay, stepper } from './replay';
export { toPromela } from './export/promela';
export { type LitmusExport, toLitmus } from './export/litmus';
export { type Sliced, slice } from './slice/slice';
