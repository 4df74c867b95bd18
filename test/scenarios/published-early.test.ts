import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What is found before it is ready, and what is read once more behind its test: each beside one that nobody else can meet. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(hunk: string, expected: string, words: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, 'static int quux_start(struct quux *q, struct device *dev)', `\n {\n${hunk}\n 	return 0;\n }\n`)).toBe(expected);
}

describe('made ready behind the plain store that lets it be found', () => {
	const MADE = ' 	struct item *item = kzalloc(sizeof(*item), GFP_KERNEL);\n \n 	if (!item)\n 		return -ENOMEM;\n';
	const WORDS = 'Readers may find the item before it is initialized.';
	it('where others look', () => check(`${MADE}-	q->item = item;\n 	spin_lock_init(&item->lock);\n 	item->val = 4;\n+	q->item = item;`, 'fixes: use-after-free', WORDS));
	it('in what is new itself', () => check(`${MADE} 	q = kzalloc(sizeof(*q), GFP_KERNEL);\n 	if (!q)\n 		return -ENOMEM;\n-	q->item = item;\n 	spin_lock_init(&item->lock);\n 	item->val = 4;\n+	q->item = item;`, 'no-failure', WORDS));
	it('under the lock of those who look', () => check(`${MADE} 	mutex_lock(&q->lock);\n-	q->item = item;\n 	spin_lock_init(&item->lock);\n 	item->val = 4;\n+	q->item = item;\n 	mutex_unlock(&q->lock);`, 'no-failure', WORDS));
});

describe('driver data', () => {
	const WORDS = 'The attributes look at it.';
	it('set behind the registration', () => check('-	device_add(dev);\n 	dev_set_drvdata(dev, q);\n+	device_add(dev);', 'fixes: use-after-free', `${WORDS} They exist before it is set.`));
	it('of another device', () => check('-	device_add(dev);\n 	dev_set_drvdata(q->parent, q);\n+	device_add(dev);', 'no-failure', `${WORDS} They exist before it is set.`));
	it('set early, with nobody to look at it', () => check('+	dev_set_drvdata(dev, q);\n 	q->regs = quux_map(dev);\n-	dev_set_drvdata(dev, q);', 'no-failure', ''));
	it('taken away', () => check('-	device_add(dev);\n 	dev_set_drvdata(dev, NULL);\n+	device_add(dev);', 'no-failure', `${WORDS} They exist before it is set.`));
});

describe('read again behind its test', () => {
	const AGAIN = '-	if (q->item)\n-		quux_use(q->item);\n+	struct item *item = READ_ONCE(q->item);\n+\n+	if (item)\n+		quux_use(item);';
	it('and once, marked as that', () => check(AGAIN, 'fixes: check-then-act', 'Another CPU may clear it between the two.'));
	it('and once, under one lock', () => check(' 	mutex_lock(&q->lock);\n-	if (q->item)\n-		quux_use(q->item);\n+	item = q->item;\n+	if (item)\n+		quux_use(item);\n 	mutex_unlock(&q->lock);', 'no-failure', 'Another CPU may be between the two.'));
	it('and once, for short', () => check(AGAIN.replace('READ_ONCE(q->item)', 'q->item'), 'no-failure', 'This saves some typing.'));
});
