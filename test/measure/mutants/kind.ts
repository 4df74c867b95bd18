import type { CheckName } from '../../../sim';
import type { Edit } from '../edit';
import type { FunctionText } from '../kernel-tree';
import type { Surroundings } from './surroundings';

/** One way to spoil a function: where it can be done, and what should break. */
export interface MutantKind {
	readonly name: string;
	readonly checks: readonly CheckName[];
	/** Every place in the function where it applies; `file` are all functions beside it. */
	places(fn: FunctionText, file: readonly FunctionText[], around: Surroundings): readonly (readonly Edit[])[];
}
