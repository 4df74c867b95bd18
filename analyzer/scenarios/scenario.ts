import type { CheckName } from '../../sim';
import type { Because } from '../review';
import type { Definition } from '../lower/sources';
import type { Party } from '../lower/threads/party';

/** Threads that may meet, on either side of the patch, and why they were chosen. */
export interface Scenario {
	readonly because: Because;
	readonly reason: string;
	/** null: this side has no such function. */
	readonly pre: readonly Party[] | null;
	readonly post: readonly Party[] | null;
	/** Names of the entries, as the post-image (else the pre-image) has them. */
	readonly entries: readonly string[];
	/** Memory that reorders is part of the question. */
	readonly reorders?: boolean;
	/** Functions that stand for what nobody shows. */
	readonly overrides?: ReadonlyMap<string, Definition>;
	/** The changed function as the scenario has it on either side, where something else enters it. */
	readonly own?: { readonly name: string; readonly pre: Definition; readonly post: Definition };
	/** The mail itself says that these race. */
	readonly claimed: boolean;
	/** Only the outline of the functions is run (lower/outline.ts), and only these checks count. */
	readonly outline?: ReadonlySet<CheckName>;
	/** Only what the patch brings is told of it: where nothing fails after the patch, nothing before it is asked for. */
	readonly onlyBrought?: boolean;
	/** A data race is a failure, not a note. */
	readonly races?: boolean;
	/** What others change meanwhile is read by marked accesses alone: no data race is told with what that breaks. */
	readonly marked?: boolean;
	/** Higher is told first. */
	readonly weight: number;
}

/** More scenarios than this per patch are left out, and the review says how many. */
export const SCENARIOS_BOUND = 16;
/** Partners tried per entry. */
export const PARTNERS_BOUND = 5;
/** The same entries, whatever the order. */
export const identity = (entries: readonly string[]): string => [...entries].sort().join(BETWEEN);
export const entriesOf = (id: string): readonly string[] => id.split(BETWEEN);
const BETWEEN = ' | ';
