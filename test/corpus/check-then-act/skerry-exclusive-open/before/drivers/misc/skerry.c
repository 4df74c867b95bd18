// SPDX-License-Identifier: GPL-2.0
/*
 * Skerry lab power sequencer
 */
#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define SKERRY_SEQ_MAX	64
#define SKERRY_STEP	0x00
#define SKERRY_GO	0x04

#define SKERRY_F_OPEN	0

struct skerry {
	struct miscdevice	misc;
	void __iomem		*base;
	unsigned long		flags;
	u32			*steps;
	unsigned int		nr_steps;
};

static struct skerry *skerry_from_file(struct file *file)
{
	return container_of(file->private_data, struct skerry, misc);
}

/* The sequencer has a single user at a time, steps[] belongs to it. */
static int skerry_open(struct inode *inode, struct file *file)
{
	struct skerry *sk = skerry_from_file(file);

	if (test_bit(SKERRY_F_OPEN, &sk->flags))
		return -EBUSY;
	set_bit(SKERRY_F_OPEN, &sk->flags);

	sk->steps = kcalloc(SKERRY_SEQ_MAX, sizeof(u32), GFP_KERNEL);
	if (!sk->steps) {
		clear_bit(SKERRY_F_OPEN, &sk->flags);
		return -ENOMEM;
	}
	sk->nr_steps = 0;
	return nonseekable_open(inode, file);
}

static int skerry_release(struct inode *inode, struct file *file)
{
	struct skerry *sk = skerry_from_file(file);

	kfree(sk->steps);
	sk->steps = NULL;
	clear_bit_unlock(SKERRY_F_OPEN, &sk->flags);
	return 0;
}

static ssize_t skerry_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *ppos)
{
	struct skerry *sk = skerry_from_file(file);
	unsigned int i;

	if (len % sizeof(u32) || len / sizeof(u32) > SKERRY_SEQ_MAX)
		return -EINVAL;
	if (copy_from_user(sk->steps, buf, len))
		return -EFAULT;
	sk->nr_steps = len / sizeof(u32);

	for (i = 0; i < sk->nr_steps; i++)
		writel(sk->steps[i], sk->base + SKERRY_STEP);
	writel(1, sk->base + SKERRY_GO);
	return len;
}

static const struct file_operations skerry_fops = {
	.owner		= THIS_MODULE,
	.open		= skerry_open,
	.release	= skerry_release,
	.write		= skerry_write,
};

static int skerry_probe(struct platform_device *pdev)
{
	struct skerry *sk;

	sk = devm_kzalloc(&pdev->dev, sizeof(*sk), GFP_KERNEL);
	if (!sk)
		return -ENOMEM;
	sk->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(sk->base))
		return PTR_ERR(sk->base);
	sk->misc.minor = MISC_DYNAMIC_MINOR;
	sk->misc.name = "skerry";
	sk->misc.fops = &skerry_fops;
	sk->misc.parent = &pdev->dev;
	return misc_register(&sk->misc);
}

static struct platform_driver skerry_driver = {
	.probe	= skerry_probe,
	.driver	= {
		.name = "skerry",
		.suppress_bind_attrs = true,
	},
};
builtin_platform_driver(skerry_driver);
