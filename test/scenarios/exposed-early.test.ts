import { describe, expect, it } from 'vitest';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A call that lets others in comes behind what makes ready, and the mail says that it came too early. */
describe('what was exposed before it was ready', () => {
	const hunk = `
 	netif_napi_add(ndev, &priv->napi, quux_poll);
+	spin_lock_init(&priv->tx_lock);
+	top->ch[priv->channel] = priv;
 	err = register_netdev(ndev);
 	if (err)
 		goto fail;
-	spin_lock_init(&priv->tx_lock);
-	top->ch[priv->channel] = priv;
 	return 0;
`;
	const said = async (words: string, lines: string, subject = 'quux: register when fully ready'): Promise<string> => {
		const analyzer = await sourceAnalyzer();
		const found = await saidOfHunk(analyzer, words, 'static int quux_probe(struct quux_top *top, u32 ch)', lines, subject);
		analyzer.dispose();
		return found;
	};
	const ready = 'Register the device only when all the necessary initialization is completed.';

	it('is told as what the patch ends', async () => expect(await said(ready, hunk)).toBe('fixes: use-after-free'));
	it('is nothing where it comes no later, or where the mail does not speak of it', async () => {
		const turned: Readonly<Record<string, string>> = { '+': '-', '-': '+' };
		expect(await said(ready, hunk.split('\n').map((line) => `${turned[line[0] ?? ''] ?? line[0] ?? ''}${line.slice(1)}`).join('\n'))).not.toContain('fixes');
		expect(await said('Group what belongs together.', hunk, 'quux: sort the probe')).toBe('no-failure');
	});
});
