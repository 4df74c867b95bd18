import type { FindersOf } from '../../partner';
import { clearedLate } from './cleared-late';
import { consumedReturns } from './consumed-return';
import { danglingPointers } from './dangling';
import { endedEarly } from './ended-early';
import { destroyedTwice, freedBeforeLast, freedHere } from './freed-here';
import { freedOwners } from './freed-owner';
import { leftListed } from './left-listed';
import { usedAfterwards } from './used-afterwards';

/** What is freed or ends, what still leads to it, and what is used behind that. */
export const LIFETIMES = {
	'cleared-late': clearedLate, 'consumed-return': consumedReturns, dangling: danglingPointers, 'destroyed-twice': destroyedTwice,
	'ended-early': endedEarly, 'freed-here': (change) => [...freedHere(change), ...freedBeforeLast(change)], 'freed-owner': freedOwners,
	'left-listed': leftListed, 'used-afterwards': usedAfterwards,
} satisfies FindersOf;
