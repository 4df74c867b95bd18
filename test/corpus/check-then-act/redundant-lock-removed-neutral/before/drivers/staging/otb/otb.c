#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "otb.h"

struct otb {
	struct mutex lock;
	void *buf;
	size_t len;
};

static int otb_alloc_buf(struct otb *st, size_t len)
{
	int ret = 0;

	if (!len || len > OTB_MAX)
		return -EINVAL;

	mutex_lock(&st->lock);
	if (st->buf) {
		ret = -EBUSY;
	} else {
		st->buf = vzalloc(len);
		if (!st->buf)
			ret = -ENOMEM;
		else
			st->len = len;
	}
	mutex_unlock(&st->lock);
	return ret;
}

static int otb_free_buf(struct otb *st)
{
	void *buf;

	mutex_lock(&st->lock);
	buf = st->buf;
	st->buf = NULL;
	st->len = 0;
	mutex_unlock(&st->lock);

	if (!buf)
		return -EINVAL;
	vfree(buf);
	return 0;
}

static ssize_t otb_read(struct file *file, char __user *ubuf, size_t count,
			loff_t *ppos)
{
	struct otb *st = file->private_data;
	ssize_t ret = 0;

	mutex_lock(&st->lock);
	if (st->buf)
		ret = simple_read_from_buffer(ubuf, count, ppos, st->buf,
					      st->len);
	mutex_unlock(&st->lock);
	return ret;
}

static long otb_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct otb *st = file->private_data;

	switch (cmd) {
	case OTB_ALLOC:
		return otb_alloc_buf(st, arg);
	case OTB_FREE:
		return otb_free_buf(st);
	}
	return -ENOTTY;
}

static int otb_open(struct inode *inode, struct file *file)
{
	struct otb *st = kzalloc(sizeof(*st), GFP_KERNEL);

	if (!st)
		return -ENOMEM;
	mutex_init(&st->lock);
	mutex_lock(&st->lock);
	st->buf = NULL;
	st->len = 0;
	mutex_unlock(&st->lock);
	file->private_data = st;
	return 0;
}

static int otb_release(struct inode *inode, struct file *file)
{
	struct otb *st = file->private_data;

	vfree(st->buf);
	kfree(st);
	return 0;
}

static const struct file_operations otb_fops = {
	.owner		= THIS_MODULE,
	.open		= otb_open,
	.release	= otb_release,
	.read		= otb_read,
	.unlocked_ioctl	= otb_ioctl,
};
