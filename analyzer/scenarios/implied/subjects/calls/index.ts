import type { FindersOf } from '../../partner';
import { callOrders } from './call-order';
import { heldWhile } from './held-while';
import { insteadOf } from './instead';
import { namedCalls } from './named-call';

/** A row's own calls, whatever they are: made, put in another's place, around something or in another order. */
export const CALLS = {
	'call-order': callOrders, call: namedCalls, 'held-while': heldWhile, instead: insteadOf,
} satisfies FindersOf;
