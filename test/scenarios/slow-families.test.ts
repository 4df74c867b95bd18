import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Registers that are reached through a map: whether that waits is told by the bus behind it. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const file = (device: string, call: string): string => `
#include <linux/regmap.h>

struct dunlin {
	${device};
	struct regmap *map;
	spinlock_t lock;
	u32 mode;
};

static int dunlin_set_mode(struct dunlin *d, u32 mode)
{
	int ret;

	spin_lock(&d->lock);
	d->mode = mode;
-	spin_unlock(&d->lock);
	ret = ${call};
+	spin_unlock(&d->lock);
	return ret;
}
`;

const said = (device: string, call = 'regmap_write(d->map, DUNLIN_MODE, mode)'): Promise<string> => saidOfFile(analyzer, 'dunlin', 'keep register and mode alike', file(device, call), true);

describe('a register is written under a spin lock now', () => {
	it('behind a bus that is waited for', async () => expect(await said('struct spi_device *spi')).toBe('introduces: sleep-in-atomic'));
	it('by another call of the family', async () => expect(await said('struct i2c_client *client', 'regmap_update_bits(d->map, DUNLIN_MODE, DUNLIN_MASK, mode)')).toBe('introduces: sleep-in-atomic'));
	it('in memory', async () => expect(await said('void __iomem *base')).toBe('no-failure'));
	it('of which nobody knows where it is', async () => expect(await said('struct device *dev')).toBe('no-failure'));
	it('in memory, by who serves a bus of others', async () => expect(await said('void __iomem *base; struct spi_device *current')).toBe('no-failure'));
	it('of which only the cache is told what to do', async () => expect(await said('struct spi_device *spi', 'regmap_get_val_bytes(d->map)')).toBe('no-failure'));
});
