// SPDX-License-Identifier: GPL-2.0
/*
 * Voe pulse counter
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <uapi/linux/voe.h>

#define VOE_COUNT	0x00
#define VOE_ENABLE	0x04
#define VOE_SAMPLES	65536

struct voe {
	struct miscdevice	misc;
	void __iomem		*base;
	struct hrtimer		timer;
	ktime_t			period;
	u32			*samples;
	unsigned int		pos;
	atomic_t		running;
};

static enum hrtimer_restart voe_tick(struct hrtimer *t)
{
	struct voe *v = container_of(t, struct voe, timer);

	v->samples[v->pos++ % VOE_SAMPLES] = readl(v->base + VOE_COUNT);
	hrtimer_forward_now(t, v->period);
	return HRTIMER_RESTART;
}

static int voe_start(struct voe *v, u64 period_ns)
{
	if (period_ns < 10 * NSEC_PER_USEC)
		return -EINVAL;

	v->samples = vzalloc(array_size(VOE_SAMPLES, sizeof(u32)));
	if (!v->samples)
		return -ENOMEM;

	v->pos = 0;
	v->period = ns_to_ktime(period_ns);
	writel(1, v->base + VOE_ENABLE);
	hrtimer_start(&v->timer, v->period, HRTIMER_MODE_REL);
	return 0;
}

static void voe_stop(struct voe *v)
{
	hrtimer_cancel(&v->timer);
	writel(0, v->base + VOE_ENABLE);
	vfree(v->samples);
	v->samples = NULL;
}

static long voe_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct voe *v = container_of(file->private_data, struct voe, misc);
	u64 period;

	switch (cmd) {
	case VOE_IOC_START:
		if (copy_from_user(&period, (void __user *)arg,
				   sizeof(period)))
			return -EFAULT;
		return voe_start(v, period);
	case VOE_IOC_STOP:
		voe_stop(v);
		return 0;
	}
	return -ENOTTY;
}

static const struct file_operations voe_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= voe_ioctl,
};

static int voe_probe(struct platform_device *pdev)
{
	struct voe *v;

	v = devm_kzalloc(&pdev->dev, sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	v->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(v->base))
		return PTR_ERR(v->base);
	hrtimer_setup(&v->timer, voe_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	v->misc.minor = MISC_DYNAMIC_MINOR;
	v->misc.name = "voe";
	v->misc.fops = &voe_fops;
	return misc_register(&v->misc);
}

static struct platform_driver voe_driver = {
	.probe	= voe_probe,
	.driver	= {
		.name = "voe",
		.suppress_bind_attrs = true,
	},
};
builtin_platform_driver(voe_driver);
