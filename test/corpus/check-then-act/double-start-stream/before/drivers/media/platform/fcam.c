#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "fcam-hw.h"

struct fcam {
	struct mutex lock;
	bool streaming;
	struct task_struct *task;
	struct fcam_hw *hw;
};

static int fcam_thread(void *data)
{
	struct fcam *cam = data;

	while (!kthread_should_stop()) {
		fcam_hw_grab(cam->hw);
		schedule_timeout_interruptible(HZ / 30);
	}
	return 0;
}

static int fcam_streamon(struct fcam *cam)
{
	struct task_struct *t;

	if (cam->streaming)
		return -EBUSY;

	mutex_lock(&cam->lock);
	t = kthread_run(fcam_thread, cam, "fcam");
	if (IS_ERR(t)) {
		mutex_unlock(&cam->lock);
		return PTR_ERR(t);
	}
	cam->task = t;
	cam->streaming = true;
	mutex_unlock(&cam->lock);
	return 0;
}

static int fcam_streamoff(struct fcam *cam)
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

static long fcam_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct fcam *cam = file->private_data;

	switch (cmd) {
	case FCAM_STREAMON:
		return fcam_streamon(cam);
	case FCAM_STREAMOFF:
		return fcam_streamoff(cam);
	}
	return -ENOTTY;
}

static int fcam_release(struct inode *inode, struct file *file)
{
	struct fcam *cam = file->private_data;

	fcam_streamoff(cam);
	return 0;
}

const struct file_operations fcam_fops = {
	.owner		= THIS_MODULE,
	.open		= fcam_hw_open,
	.release	= fcam_release,
	.unlocked_ioctl	= fcam_ioctl,
};
