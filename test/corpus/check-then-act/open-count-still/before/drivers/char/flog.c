/*
 * flog - flash log reader
 */
#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "flog_hw.h"

static int in_use;
static unsigned int read_pos;

static int flog_open(struct inode *inode, struct file *file)
{
	if (in_use)
		return -EBUSY;
	in_use = 1;

	read_pos = flog_hw_tail();
	return nonseekable_open(inode, file);
}

static int flog_release(struct inode *inode, struct file *file)
{
	flog_hw_ack(read_pos);
	in_use = 0;
	return 0;
}

static ssize_t flog_read(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	struct flog_rec rec;

	if (count < sizeof(rec))
		return -EINVAL;
	if (!flog_hw_fetch(read_pos, &rec))
		return 0;
	if (copy_to_user(buf, &rec, sizeof(rec)))
		return -EFAULT;
	read_pos++;
	return sizeof(rec);
}

static const struct file_operations flog_fops = {
	.owner		= THIS_MODULE,
	.open		= flog_open,
	.release	= flog_release,
	.read		= flog_read,
	.llseek		= no_llseek,
};

static struct miscdevice flog_dev = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "flog",
	.fops	= &flog_fops,
};

static int __init flog_init(void)
{
	return misc_register(&flog_dev);
}
module_init(flog_init);

static void __exit flog_exit(void)
{
	misc_deregister(&flog_dev);
}
module_exit(flog_exit);
MODULE_LICENSE("GPL");
