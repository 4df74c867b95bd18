import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** A work item that another file registers: whose callback it is, the owner says that the callback finds around it. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (takes: string, expected: string, finds = 'container_of(work, struct quux, work)'): Promise<void> =>
	expect(await saidOfFile(analyzer, 'quux', 'stop the work when it goes down', file(takes, finds), true)).toBe(expected);

const file = (takes: string, finds: string): string => `
struct quux {
	struct mutex lock;
	struct work_struct work;
	struct mutex other;
	int up;
};

static void quux_work(struct work_struct *work)
{
	struct quux *q = ${finds};

	mutex_lock(&q->${takes});
	q->up = 1;
	mutex_unlock(&q->${takes});
}

void quux_timeout(struct quux *q)
{
	schedule_work(&q->work);
}

void quux_stop(struct quux *q)
{
	mutex_lock(&q->lock);
	q->up = 0;
+	cancel_work_sync(&q->work);
	mutex_unlock(&q->lock);
}
`;
describe('a callback that no line in sight registers', () => {
	it('takes the lock under which it is waited for', () => check('lock', 'introduces: deadlock'));
	it('takes another one', () => check('other', 'no-failure'));
	it('finds its owner by another macro', () => check('lock', 'introduces: deadlock', 'from_work(q, work, work)'));
});
