import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What is read, or written, as one by a sequence count, and is not any more: each beside what reads, or writes, the same as one. */
const check = hunkCheck();
const READER = 'static u64 quux_scale(struct quux *q, u64 v)';
const WRITER = 'static void quux_set(struct quux *q, u32 mult, u32 shift)';

const reader = (inside: string, behind: string, expected: string, begin = 'read_seqbegin(&q->seq)', retry = 'read_seqretry(&q->seq, seq)'): Promise<void> => check(READER, `
 	do {
 		seq = ${begin};
 		mult = q->mult;
${inside}
 	} while (${retry});
${behind}
 }
`, expected);

describe('a read section', () => {
	it('loses one of two loads', () => reader('-		shift = q->shift;', '-	return (v * mult) >> shift;\n+	return (v * mult) >> q->shift;', 'introduces: lost-data'));
	it('gains it', () => reader('+		shift = q->shift;', '-	return (v * mult) >> q->shift;\n+	return (v * mult) >> shift;', 'fixes: lost-data'));
	it('of a bare count', () => reader('-		shift = q->shift;', '-	return (v * mult) >> shift;\n+	return (v * mult) >> q->shift;', 'introduces: lost-data', 'read_seqcount_begin(&q->seq)', 'read_seqcount_retry(&q->seq, seq)'));
	it('of statistics', () => reader('-		shift = q->shift;', '-	return (v * mult) >> shift;\n+	return (v * mult) >> q->shift;', 'introduces: lost-data', 'u64_stats_fetch_begin(&q->seq)', 'u64_stats_fetch_retry(&q->seq, seq)'));
	it('loses what is no one\'s but the function\'s own', () => reader('-		v &= 0xffff;', '+	v &= 0xffff;\n 	return (v * mult) >> 4;', 'no-failure'));
	it('goes for a lock', () => check(READER, `
-	do {
-		seq = read_seqbegin(&q->seq);
-		mult = q->mult;
-		shift = q->shift;
-	} while (read_seqretry(&q->seq, seq));
+	spin_lock(&q->lock);
+	mult = q->mult;
+	shift = q->shift;
+	spin_unlock(&q->lock);
 	return (v * mult) >> shift;
 }
`, 'no-failure'));
});

describe('a write section', () => {
	const writer = (inside: string, behind: string, expected: string): Promise<void> => check(WRITER, `
 	spin_lock(&q->lock);
 	write_seqcount_begin(&q->seq);
 	q->mult = mult;
${inside}
 	write_seqcount_end(&q->seq);
${behind}
 	spin_unlock(&q->lock);
 }
`, expected);
	it('loses one of two stores', () => writer('-	q->shift = shift;', '+	q->shift = shift;', 'introduces: lost-data'));
	it('gains it', () => writer('+	q->shift = shift;', '-	q->shift = shift;', 'fixes: lost-data'));
	it('loses what it did not write as one', () => writer('', '-	q->used = 1;\n+	q->used = 2;', 'no-failure'));
});
