#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>

#define XLAT_SLOTS	128

struct xlat {
	void __iomem *regs;
	int used;
	unsigned long slots[BITS_TO_LONGS(XLAT_SLOTS)];
};

static int xlat_reserve(struct xlat *x)
{
	if (x->used >= XLAT_SLOTS)
		return -ENOSPC;
	x->used++;
	return 0;
}

static void xlat_release(struct xlat *x)
{
	x->used--;
}

/* slots are claimed with an atomic bit operation, no lock needed */
int xlat_map(struct xlat *x, phys_addr_t pa)
{
	int i;

	if (xlat_reserve(x))
		return -ENOSPC;

	for (i = 0; i < XLAT_SLOTS; i++) {
		if (!test_and_set_bit(i, x->slots)) {
			writel(lower_32_bits(pa) | 1, x->regs + 4 * i);
			return i;
		}
	}
	xlat_release(x);
	return -ENOSPC;
}
EXPORT_SYMBOL_GPL(xlat_map);

void xlat_unmap(struct xlat *x, int i)
{
	if (WARN_ON(i < 0 || i >= XLAT_SLOTS))
		return;

	writel(0, x->regs + 4 * i);
	clear_bit(i, x->slots);
	smp_mb__after_clear_bit();
	xlat_release(x);
}
EXPORT_SYMBOL_GPL(xlat_unmap);

struct xlat *xlat_create(void __iomem *regs)
{
	struct xlat *x = kzalloc(sizeof(*x), GFP_KERNEL);

	if (x)
		x->regs = regs;
	return x;
}
