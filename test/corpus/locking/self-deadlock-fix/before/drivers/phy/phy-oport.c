#include <linux/delay.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/phy/phy.h>
#include <linux/platform_device.h>

#define OPORT_MODE	0x00
#define OPORT_STAT(n)	(0x40 + 4 * (n))
#define OPORT_NSTAT	4

struct oport {
	void __iomem *base;
	struct mutex mutex;
	u32 mode;
	u64 stats[OPORT_NSTAT];
};

static void oport_stats_update(struct oport *op)
{
	int i;

	mutex_lock(&op->mutex);
	for (i = 0; i < OPORT_NSTAT; i++)
		op->stats[i] += readl(op->base + OPORT_STAT(i));
	mutex_unlock(&op->mutex);
}

static void oport_stats_clear(struct oport *op)
{
	int i;

	mutex_lock(&op->mutex);
	for (i = 0; i < OPORT_NSTAT; i++) {
		readl(op->base + OPORT_STAT(i));
		op->stats[i] = 0;
	}
	mutex_unlock(&op->mutex);
}

static int oport_set_mode(struct phy *phy, enum phy_mode mode)
{
	struct oport *op = phy_get_drvdata(phy);

	mutex_lock(&op->mutex);
	if (op->mode != mode) {
		writel(mode, op->base + OPORT_MODE);
		usleep_range(100, 200);
		op->mode = mode;
		oport_stats_clear(op);
	}
	mutex_unlock(&op->mutex);
	return 0;
}

static ssize_t stats_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct oport *op = dev_get_drvdata(dev);
	ssize_t len;

	oport_stats_update(op);
	mutex_lock(&op->mutex);
	len = sprintf(buf, "%llu %llu %llu %llu\n", op->stats[0],
		      op->stats[1], op->stats[2], op->stats[3]);
	mutex_unlock(&op->mutex);
	return len;
}

static ssize_t stats_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	oport_stats_clear(dev_get_drvdata(dev));
	return count;
}
static DEVICE_ATTR_RW(stats);

static const struct phy_ops oport_phy_ops = {
	.set_mode	= oport_set_mode,
	.owner		= THIS_MODULE,
};
