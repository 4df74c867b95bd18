import type { FunctionSource } from '../../parse';

/** What threads that a scenario makes up are called in reports: nobody finds `who_frees_it()` in the kernel, so that they are told in words. */

const SPELLED = /\bs?rcu\b/g;

/** `who_frees_it`: whoever frees it. */
export const inWords = (name: string): string => name.replaceAll('_', ' ').replace(/^who\b/, 'whoever').replace(SPELLED, (word) => word.toUpperCase());

/** What a model of the environment plays: `ENVIRONMENT(hole_punch)` is a hole punch; undefined for any other function. */
export const environmentWords = ({ annotations }: FunctionSource): string | undefined => {
	const role = annotations.map((each) => /^ENVIRONMENT\(\s*(\w+)/.exec(each)?.[1]).find((each) => each !== undefined);
	return role === undefined ? undefined : inWords(role);
};
