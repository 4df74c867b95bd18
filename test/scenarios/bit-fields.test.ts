import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Bit fields of one word, each stored to under a lock of its own, of which no mail speaks. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(expected: string, members: string, lock = '	mutex_lock(&q->link_lock);', unlock = '	mutex_unlock(&q->link_lock);', stores = '	q->up = 1;'): Promise<void> {
	expect(await saidOfFile(analyzer, 'quux', 'shuffle the flags', `
struct quux {
	struct mutex link_lock;
	struct mutex pm_lock;
${members}
};

static ssize_t up_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t len)
{
	struct quux *q = dev_get_drvdata(dev);

${lock}
${stores}
${unlock}
	return len;
}

static ssize_t wol_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t len)
{
	struct quux *q = dev_get_drvdata(dev);

	mutex_lock(&q->pm_lock);
	q->wol = 1;
	mutex_unlock(&q->pm_lock);
	return len;
}
`, true)).toBe(expected);
}

const BITS = '	unsigned int up:1, wol:1;';
const BETTER = ['-	mutex_lock(&q->link_lock);\n+	mutex_lock(&q->pm_lock);', '-	mutex_unlock(&q->link_lock);\n+	mutex_unlock(&q->pm_lock);'] as const;
const TRACED = '	q->up = 1;\n+	trace_quux(q);';

describe('bit fields of one word', () => {
	it('that become fields of their own', () => check('fixes: lost-data', '-	unsigned int up:1;\n-	unsigned int wol:1;\n+	bool up;\n+	bool wol;'));
	it('that fields of their own become', () => check('introduces: lost-data', '-	bool up;\n-	bool wol;\n+	unsigned int up:1;\n+	unsigned int wol:1;'));
	it('of which one begins another word', () => check('fixes: lost-data', '	unsigned int up:1;\n+	unsigned int :0;\n	unsigned int wol:1;'));
	it('that come under one lock', () => check('fixes: lost-data', BITS, ...BETTER));
	it('beside which another comes', () => check('no-failure', '	unsigned int up:1;\n	unsigned int wol:1;\n+	unsigned int magic:1;'));
	it('whose neighbour is traced', () => check('no-failure', BITS, undefined, undefined, TRACED));
});

describe('fields of their own', () => {
	it('that come under one lock', () => check('no-failure', '	bool up, wol;', ...BETTER));
	it('with another between', () => check('no-failure', '	unsigned int up:1;\n	int speed;\n	unsigned int wol:1;', ...BETTER));
	it('as wide as a word', () => check('no-failure', '	u32 up:32;\n	u32 wol:32;', ...BETTER));
	it('that become bits under one lock', () => check('no-failure', '-	bool up;\n-	bool wol;\n+	unsigned int up:1;\n+	unsigned int wol:1;', '	mutex_lock(&q->pm_lock);', '	mutex_unlock(&q->pm_lock);'));
});
