/*
 * ptab.c - pulse table of the PTG-4 generator
 */
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/smp_lock.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#define PTAB_N		16
#define PTAB_SET	_IOW('P', 1, struct ptab_set)
#define PTAB_GET	_IOWR('P', 2, struct ptab_set)

struct ptab_pulse {
	u32 on;
	u32 off;
};

struct ptab_set {
	u32 index;
	struct ptab_pulse pulse;
};

static DEFINE_SPINLOCK(ptab_lock);
static struct ptab_pulse ptab[PTAB_N];
static void __iomem *ptab_regs;

static void ptab_load(int i)
{
	writel(ptab[i].on, ptab_regs + 8 * i);
	writel(ptab[i].off, ptab_regs + 8 * i + 4);
}

static int ptab_ioctl_set(struct ptab_set __user *arg)
{
	u32 i;

	if (get_user(i, &arg->index))
		return -EFAULT;
	if (i >= PTAB_N)
		return -EINVAL;

	spin_lock(&ptab_lock);
	if (copy_from_user(&ptab[i], &arg->pulse, sizeof(ptab[i]))) {
		spin_unlock(&ptab_lock);
		return -EFAULT;
	}
	ptab_load(i);
	spin_unlock(&ptab_lock);
	return 0;
}

static int ptab_ioctl_get(struct ptab_set __user *arg)
{
	struct ptab_pulse p;
	u32 i;

	if (get_user(i, &arg->index))
		return -EFAULT;
	if (i >= PTAB_N)
		return -EINVAL;
	spin_lock(&ptab_lock);
	p = ptab[i];
	spin_unlock(&ptab_lock);
	return copy_to_user(&arg->pulse, &p, sizeof(p)) ? -EFAULT : 0;
}

static long ptab_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case PTAB_SET:
		return ptab_ioctl_set((void __user *)arg);
	case PTAB_GET:
		return ptab_ioctl_get((void __user *)arg);
	}
	return -ENOTTY;
}

static const struct file_operations ptab_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= ptab_ioctl,
};
