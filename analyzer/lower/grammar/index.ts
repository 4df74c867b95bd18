import { resolve } from './call';
import { expression } from './expression';
import { bodyInPlace } from './inline';
import type { Grammar } from '../lowering';
import { statement } from './statement';

/** The recursive descent over C, put together: the one file that knows all its parts. */
export const GRAMMAR: Grammar = { expression, statement, call: resolve, body: bodyInPlace };
