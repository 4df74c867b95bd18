#include <linux/blkdev.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "vhd.h"

struct vhd {
	struct mutex lock;
	struct file *backing;
	struct gendisk *disk;
	loff_t size;
};

static int vhd_ioctl_attach(struct vhd *v, unsigned int fd)
{
	struct file *file;
	int ret = 0;

	file = fget(fd);
	if (!file)
		return -EBADF;

	if (!S_ISREG(file_inode(file)->i_mode))
		return -EINVAL;

	mutex_lock(&v->lock);
	if (v->backing) {
		ret = -EBUSY;
		goto out;
	}
	v->size = i_size_read(file_inode(file));
	set_capacity(v->disk, v->size >> 9);
	v->backing = file;
out:
	mutex_unlock(&v->lock);
	return ret;
}

static int vhd_ioctl_detach(struct vhd *v)
{
	struct file *file;

	mutex_lock(&v->lock);
	file = v->backing;
	v->backing = NULL;
	v->size = 0;
	set_capacity(v->disk, 0);
	mutex_unlock(&v->lock);

	if (!file)
		return -ENXIO;
	fput(file);
	return 0;
}

static int vhd_ioctl(struct block_device *bdev, fmode_t mode,
		     unsigned int cmd, unsigned long arg)
{
	struct vhd *v = bdev->bd_disk->private_data;

	switch (cmd) {
	case VHD_ATTACH:
		return vhd_ioctl_attach(v, arg);
	case VHD_DETACH:
		return vhd_ioctl_detach(v);
	}
	return -ENOTTY;
}

static const struct block_device_operations vhd_ops = {
	.owner	= THIS_MODULE,
	.ioctl	= vhd_ioctl,
};

void vhd_setup(struct vhd *v, struct gendisk *disk)
{
	mutex_init(&v->lock);
	v->disk = disk;
	disk->fops = &vhd_ops;
	disk->private_data = v;
}
