import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** When a patch is accused on the strength of its hunks alone: the same hunk under two subjects. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const UNLOCKED = `
 	struct quux *q = netdev_priv(dev);
 
-	mutex_lock(&q->lock);
 	if (!q->buf)
 		q->buf = quux_alloc(q);
 	q->count++;
-	mutex_unlock(&q->lock);
 
 	quux_start(q);
`;

async function check(subject: string, expected: string): Promise<void> {
	expect((await saidOfHunk(analyzer, 'It is not needed.', 'static int quux_use(struct net_device *dev)', UNLOCKED, subject)).split(':')[0]).toBe(expected);
}

describe('a race that only the side after has, in a function that is shown in part', () => {
	it('of a patch that takes a lock away', () => check('quux: do not take the lock for the count', 'introduces'));
	it('of a patch that is meant as a remedy', () => check('quux: fix the order of starting', 'inconclusive'));
});

describe('what one path frees twice by lines that are shown', () => {
	const hunk = (first: string, then: string): string => `
 	device_initialize(&q->dev);
 	ret = device_add(&q->dev);
 	if (ret)
 		goto err_put;
 	return q;
 
 err_put:
${first} 	put_device(&q->dev);
${then} 	return ERR_PTR(ret);
 }
`;
	const told = (first: string, then: string): Promise<string> => saidOfHunk(analyzer, 'It is never freed.', 'struct quux *quux_register(struct quux *q)', hunk(first, then), 'quux: fix a memory leak in quux_register()');
	it('is told of a remedy, too', async () => expect(await told('', '+	kfree(q);\n')).toBe('introduces: use-after-free'));
	it('not of a part of it', async () => expect(await told('+	kfree(q->name);\n', '')).toBe('no-failure'));
});
