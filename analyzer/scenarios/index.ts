/** Which threads may meet over a patch, best first. */
export { parseScenarios } from './asked';
export { type TreeSources, treeSources } from './beyond';
export { underElidedLocks } from './elided-hold';
export { harvest } from './harvest';
export { implied } from './implied';
export { lockOf, placeText, rootOf, type Site, sitesOf } from './implied/sites';
export { namedLocks } from './named-locks';
export { nameFunctions } from './naming';
export { type Otherwise, otherwise } from './otherwise';
export { leavesSomething, newOrders, outlines } from './outlines';
export { propose, type Told } from './propose';
export { onlyRenames } from './renames';
export { bindingsOf } from './roles';
export { identity, type Scenario } from './scenario';
export { readSide, type Side } from './side';
export { editedFile, imageOf, type SideFile } from './side-file';
export { type Beyond, type Models, readModels } from './sources';
export { standIns } from './stand-ins';
