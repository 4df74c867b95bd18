import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Where objects come from that a made-up file uses and drops: out of a container, or out of a call that nobody shows. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, file: string, expected: string): Promise<void> => { expect(await saidOfFile(analyzer, 'quux', subject, file)).toBe(expected); };

describe('an xarray, whose own lock keeps out who erases', () => {
	const file = (lock: readonly string[], unlock: readonly string[]): string => `
struct quux {
	struct kref ref;
	int level;
};

struct quux_set {
	struct xarray all;
};

static void quux_release(struct kref *ref)
{
	kfree(container_of(ref, struct quux, ref));
}

struct quux *quux_find(struct quux_set *set, unsigned long id)
{
	struct quux *q;

${lock.join('\n')}
	q = xa_load(&set->all, id);
	if (q)
		kref_get(&q->ref);
${unlock.join('\n')}
	return q;
}

void quux_remove(struct quux_set *set, unsigned long id)
{
	struct quux *q = xa_erase(&set->all, id);

	if (q)
		kref_put(&q->ref, quux_release);
}
`;
	it('taken by who looks up as well', () => check('lock out removal', file(['+	xa_lock(&set->all);'], ['+	xa_unlock(&set->all);']), 'fixes: resurrection, use-after-free'));
	it('and not taken any more', () => check('simplify', file(['-	xa_lock(&set->all);'], ['-	xa_unlock(&set->all);']), 'introduces: resurrection, use-after-free'));
});

describe('a reference that a call hands out through one of its arguments', () => {
	const file = (lines: string): string => `
struct quux {
	struct kref ref;
	int level;
};

int quux_level(struct quux_bus *bus, int id)
{
	struct quux *q;
	int err = quux_bus_find(bus, id, &q);

	if (err)
		return err;
${lines}
	kref_put(&q->ref, quux_release);
	return 0;
}
`;
	it('used and dropped', () => check('tell the level', file('+	bus->level = q->level;'), 'no-failure'));
	// A known gap: which of the call's values says that it handed something out is not told.
	it('kept on a way that fails', () => check('check the level', file('+	if (q->level < 0)\n+		return -EINVAL;'), 'no-failure'));
});
