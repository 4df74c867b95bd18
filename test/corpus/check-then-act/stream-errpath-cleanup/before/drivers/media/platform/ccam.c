#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "ccam-hw.h"

struct ccam {
	struct mutex lock;
	bool streaming;
	struct task_struct *task;
	struct ccam_hw *hw;
};

static int ccam_thread(void *data)
{
	struct ccam *cam = data;

	while (!kthread_should_stop()) {
		ccam_hw_grab(cam->hw);
		schedule_timeout_interruptible(HZ / 30);
	}
	return 0;
}

static int ccam_streamon(struct ccam *cam)
{
	struct task_struct *t;

	mutex_lock(&cam->lock);
	if (cam->streaming) {
		mutex_unlock(&cam->lock);
		return -EBUSY;
	}
	t = kthread_run(ccam_thread, cam, "ccam");
	if (IS_ERR(t)) {
		mutex_unlock(&cam->lock);
		return PTR_ERR(t);
	}
	cam->task = t;
	cam->streaming = true;
	mutex_unlock(&cam->lock);
	return 0;
}

static int ccam_streamoff(struct ccam *cam)
{
	mutex_lock(&cam->lock);
	if (cam->streaming) {
		kthread_stop(cam->task);
		cam->task = NULL;
		cam->streaming = false;
	}
	mutex_unlock(&cam->lock);
	return 0;
}

static long ccam_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ccam *cam = file->private_data;

	switch (cmd) {
	case CCAM_STREAMON:
		return ccam_streamon(cam);
	case CCAM_STREAMOFF:
		return ccam_streamoff(cam);
	}
	return -ENOTTY;
}

static int ccam_release(struct inode *inode, struct file *file)
{
	struct ccam *cam = file->private_data;

	ccam_streamoff(cam);
	return 0;
}

const struct file_operations ccam_fops = {
	.owner		= THIS_MODULE,
	.open		= ccam_hw_open,
	.release	= ccam_release,
	.unlocked_ioctl	= ccam_ioctl,
};
