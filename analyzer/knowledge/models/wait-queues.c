/*
 * Whether someone waits: include/linux/wait.h, include/linux/swait.h. To wake nobody does nothing, so that asking first and not asking come to
 * the same: what is lost by looking too early is asked of partners whose rows stand for these functions (table/partners.yaml, subject ordering).
 */

ATOMIC int waitqueue_active(struct wait_queue_head *wq_head)
{
	return 1;
}

ATOMIC int wq_has_sleeper(struct wait_queue_head *wq_head)
{
	return 1;
}

ATOMIC int wq_has_single_sleeper(struct wait_queue_head *wq_head)
{
	return 1;
}

ATOMIC int swait_active(struct swait_queue_head *wq)
{
	return 1;
}

ATOMIC int swq_has_sleeper(struct swait_queue_head *wq)
{
	return 1;
}
