#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "stb.h"

struct stb {
	struct mutex lock;
	void *buf;
	size_t len;
};

static int stb_alloc_buf(struct stb *st, size_t len)
{
	int ret = 0;

	if (!len || len > STB_MAX)
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

static int stb_free_buf(struct stb *st)
{
	if (!st->buf)
		return -EINVAL;

	vfree(st->buf);
	st->buf = NULL;
	st->len = 0;
	return 0;
}

static ssize_t stb_read(struct file *file, char __user *ubuf, size_t count,
			loff_t *ppos)
{
	struct stb *st = file->private_data;
	ssize_t ret = 0;

	mutex_lock(&st->lock);
	if (st->buf)
		ret = simple_read_from_buffer(ubuf, count, ppos, st->buf,
					      st->len);
	mutex_unlock(&st->lock);
	return ret;
}

static long stb_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct stb *st = file->private_data;

	switch (cmd) {
	case STB_ALLOC:
		return stb_alloc_buf(st, arg);
	case STB_FREE:
		return stb_free_buf(st);
	}
	return -ENOTTY;
}

static int stb_open(struct inode *inode, struct file *file)
{
	struct stb *st = kzalloc(sizeof(*st), GFP_KERNEL);

	if (!st)
		return -ENOMEM;
	mutex_init(&st->lock);
	file->private_data = st;
	return 0;
}

static int stb_release(struct inode *inode, struct file *file)
{
	struct stb *st = file->private_data;

	vfree(st->buf);
	kfree(st);
	return 0;
}

static const struct file_operations stb_fops = {
	.owner		= THIS_MODULE,
	.open		= stb_open,
	.release	= stb_release,
	.read		= stb_read,
	.unlocked_ioctl	= stb_ioctl,
};
