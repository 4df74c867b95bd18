import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** A driver's own part of what a subsystem has made for it goes when that goes: a whole made-up file, and what is said of its change. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (stops: string, expected: string): Promise<void> => {
	expect(await saidOfFile(analyzer, 'quux', 'stop the link watching first', `
struct quux { struct net_device *ndev; struct work_struct reset; int resets; };

static void quux_reset(struct work_struct *work)
{
	struct quux *q = container_of(work, struct quux, reset);

	q->resets++;
}

static void quux_tx_timeout(struct net_device *ndev, unsigned int queue)
{
	struct quux *q = netdev_priv(ndev);

	schedule_work(&q->reset);
}

static const struct net_device_ops quux_ops = {
	.ndo_tx_timeout = quux_tx_timeout,
};

static int quux_probe(struct platform_device *pdev)
{
	struct net_device *ndev = alloc_etherdev(sizeof(struct quux));
	struct quux *q;

	if (!ndev)
		return -ENOMEM;
	q = netdev_priv(ndev);
	q->ndev = ndev;
	INIT_WORK(&q->reset, quux_reset);
	ndev->netdev_ops = &quux_ops;
	platform_set_drvdata(pdev, ndev);
	return register_netdev(ndev);
}

static void quux_remove(struct platform_device *pdev)
{
	struct net_device *ndev = platform_get_drvdata(pdev);
	struct quux *q = netdev_priv(ndev);

${stops}
	free_netdev(ndev);
}
`)).toBe(expected);
};

describe('what lies behind a device in its memory', () => {
	it('is used when the device is gone', () => check(`-	unregister_netdev(ndev);
 	cancel_work_sync(&q->reset);
+	unregister_netdev(ndev);`.replace(/^ /gm, ''), 'introduces: use-after-free'));
	it('is not, when who may start its work is kept off first', () => check(`-	cancel_work_sync(&q->reset);
 	unregister_netdev(ndev);
+	cancel_work_sync(&q->reset);`.replace(/^ /gm, ''), 'fixes: use-after-free'));
	it('is not, when its work is waited for in another way', () => check(`	unregister_netdev(ndev);
-	cancel_work_sync(&q->reset);
+	disable_work_sync(&q->reset);`, 'no-failure'));
});
