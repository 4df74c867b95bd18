/** The races of the seeds, by the names of their Promela models in shared/peers. */
export { dax } from './dax';
export { ext4punch } from './ext4punch';
export { gup, type GupOptions } from './gup';
export { nopage } from './nopage';
