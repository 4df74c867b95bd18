#include <linux/delay.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/phy/phy.h>
#include <linux/platform_device.h>

#define IPORT_MODE	0x00
#define IPORT_STAT(n)	(0x40 + 4 * (n))
#define IPORT_NSTAT	4

struct iport {
	void __iomem *base;
	struct mutex mutex;
	u32 mode;
	u64 stats[IPORT_NSTAT];
};

static void iport_stats_update(struct iport *op)
{
	int i;

	mutex_lock(&op->mutex);
	for (i = 0; i < IPORT_NSTAT; i++)
		op->stats[i] += readl(op->base + IPORT_STAT(i));
	mutex_unlock(&op->mutex);
}

static void __iport_stats_clear(struct iport *op)
{
	int i;

	for (i = 0; i < IPORT_NSTAT; i++) {
		readl(op->base + IPORT_STAT(i));
		op->stats[i] = 0;
	}
}

static void iport_stats_clear(struct iport *op)
{
	mutex_lock(&op->mutex);
	__iport_stats_clear(op);
	mutex_unlock(&op->mutex);
}

static int iport_set_mode(struct phy *phy, enum phy_mode mode)
{
	struct iport *op = phy_get_drvdata(phy);

	mutex_lock(&op->mutex);
	if (op->mode != mode) {
		writel(mode, op->base + IPORT_MODE);
		usleep_range(100, 200);
		op->mode = mode;
		__iport_stats_clear(op);
	}
	mutex_unlock(&op->mutex);
	return 0;
}

static ssize_t stats_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct iport *op = dev_get_drvdata(dev);
	ssize_t len;

	iport_stats_update(op);
	mutex_lock(&op->mutex);
	len = sprintf(buf, "%llu %llu %llu %llu\n", op->stats[0],
		      op->stats[1], op->stats[2], op->stats[3]);
	mutex_unlock(&op->mutex);
	return len;
}

static ssize_t stats_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	iport_stats_clear(dev_get_drvdata(dev));
	return count;
}
static DEVICE_ATTR_RW(stats);

static const struct phy_ops iport_phy_ops = {
	.set_mode	= iport_set_mode,
	.owner		= THIS_MODULE,
};
