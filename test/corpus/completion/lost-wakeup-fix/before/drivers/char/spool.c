/*
 * spool.c - print job spooler
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct spool_job {
	struct list_head list;
	void *data;
	size_t len;
};

static LIST_HEAD(spool_jobs);
static DEFINE_SPINLOCK(spool_lock);
static struct task_struct *spool_task;

extern void spool_print(struct spool_job *job);

static struct spool_job *spool_next(void)
{
	struct spool_job *job = NULL;

	spin_lock(&spool_lock);
	if (!list_empty(&spool_jobs)) {
		job = list_entry(spool_jobs.next, struct spool_job, list);
		list_del(&job->list);
	}
	spin_unlock(&spool_lock);
	return job;
}

static int spool_thread(void *unused)
{
	struct spool_job *job;

	while (!kthread_should_stop()) {
		job = spool_next();
		if (!job) {
			set_current_state(TASK_INTERRUPTIBLE);
			schedule();
			continue;
		}
		spool_print(job);
		kfree(job);
	}
	return 0;
}

int spool_add(void *data, size_t len)
{
	struct spool_job *job = kmalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return -ENOMEM;
	job->data = data;
	job->len = len;
	spin_lock(&spool_lock);
	list_add_tail(&job->list, &spool_jobs);
	spin_unlock(&spool_lock);
	wake_up_process(spool_task);
	return 0;
}
EXPORT_SYMBOL(spool_add);

static int __init spool_init(void)
{
	spool_task = kthread_run(spool_thread, NULL, "spoold");
	return IS_ERR(spool_task) ? PTR_ERR(spool_task) : 0;
}

static void __exit spool_exit(void)
{
	struct spool_job *job;

	kthread_stop(spool_task);
	while ((job = spool_next()))
		kfree(job);
}

module_init(spool_init);
module_exit(spool_exit);
MODULE_LICENSE("GPL");
