/*
 * Linked lists: include/linux/list.h, rculist.h, llist.h, lib/llist.c, lib/list_debug.c.
 *
 * A head has two slots. What changes a list does so within a window on its head: two such windows that overlap corrupt the
 * list. Walking takes no window; it fails where it goes on from an entry that list_del() has poisoned.
 */

/* The first entry, or NULL. */
ATOMIC struct list_head *__list_first(struct list_head *head)
{
	if (head->__slot0)
		return head->__slot0;
	return head->__slot1;
}

/* The entry after `node`, or NULL at the end of the list. An entry that an RCU removal took out still leads on. */
ATOMIC struct list_head *__list_next(struct list_head *head, struct list_head *node)
{
	CHECK("use-after-free", node->__on != -1, "the walk goes on from an entry that list_del() has removed: its next pointer is poison");
	if (node == head->__slot0)
		return head->__slot1;
	if (node == head->__slot1)
		return 0;
	return node->__after;
}

/* `node->next`, written out: the first entry of a head, the next one of an entry, the head at the end and of an empty list. */
ATOMIC struct list_head *__list_following(struct list_head *node)
{
	struct list_head *head = node->__on;
	struct list_head *next;

	if (!head || head == -1) {
		next = __list_first(node);
		return next ? next : node;
	}
	next = __list_next(head, node);
	return next ? next : head;
}

/* Puts the entry into a free slot: in front, or at the end. */
ATOMIC void __list_insert(struct list_head *node, struct list_head *head, int front)
{
	CHECK("lost-data", !node->__added, "list_add() of an entry that is on a list already: the list is corrupted");
	if (head->__slot0 != node && head->__slot1 != node) {
		if (!head->__slot0) {
			head->__slot0 = node;
		} else if (front) {
			head->__slot1 = head->__slot0;
			head->__slot0 = node;
		} else {
			head->__slot1 = node;
		}
	}
	node->__on = head;
	node->__added = 1;
	WINDOW_END(head->__window, exclusive);
}

/* include/linux/list.h: __list_add() */
void list_add(struct list_head *node, struct list_head *head)
{
	WINDOW(head->__window, exclusive);
	__list_insert(node, head, 1);
}

/* include/linux/list.h: __list_add() */
void list_add_tail(struct list_head *node, struct list_head *head)
{
	WINDOW(head->__window, exclusive);
	__list_insert(node, head, 0);
}

/* include/linux/rculist.h: readers may walk, other writers may not write. */
void list_add_rcu(struct list_head *node, struct list_head *head)
{
	WINDOW(head->__window, exclusive);
	__list_insert(node, head, 1);
}

/* include/linux/rculist.h */
void list_add_tail_rcu(struct list_head *node, struct list_head *head)
{
	WINDOW(head->__window, exclusive);
	__list_insert(node, head, 0);
}

/* Opens the window on the list that the entry is on; NULL where no list is known. */
ATOMIC struct list_head *__list_open(struct list_head *node)
{
	struct list_head *head = node->__on;

	CHECK("lost-data", head != -1, "list_del() of an entry that was deleted already: the list is corrupted");
	if (head > 0)
		WINDOW(head->__window, exclusive);
	return head;
}

/* Takes the entry out and leaves `state` in its links. */
ATOMIC void __list_unlink(struct list_head *node, struct list_head *head, struct list_head *state)
{
	if (head > 0) {
		if (head->__slot0 == node) {
			node->__after = head->__slot1;
			head->__slot0 = head->__slot1;
			head->__slot1 = 0;
		} else if (head->__slot1 == node) {
			node->__after = 0;
			head->__slot1 = 0;
		}
		WINDOW_END(head->__window, exclusive);
	}
	node->__added = 0;
	node->__on = state;
}

/* include/linux/list.h: the links are poisoned. */
void list_del(struct list_head *entry)
{
	struct list_head *head = __list_open(entry);

	__list_unlink(entry, head, -1);
}

/* include/linux/list.h: only the neighbours' links are changed. */
void __list_del_entry(struct list_head *entry)
{
	struct list_head *head = __list_open(entry);

	__list_unlink(entry, head, 0);
}

/* include/linux/list.h: afterwards the entry is a list of none. */
void list_del_init(struct list_head *entry)
{
	struct list_head *head = __list_open(entry);

	__list_unlink(entry, head, 0);
}

/* include/linux/list.h, 5.5 */
void list_del_init_careful(struct list_head *entry)
{
	struct list_head *head = __list_open(entry);

	__list_unlink(entry, head, 0);
}

/* include/linux/rculist.h: readers may still go on from the entry, so that it may be freed only after a grace period. */
void list_del_rcu(struct list_head *entry)
{
	struct list_head *head = __list_open(entry);

	__list_unlink(entry, head, 0);
}

/* include/linux/list.h: what the entry's neighbour sees. */
void list_replace(struct list_head *old, struct list_head *node)
{
	struct list_head *head = __list_open(old);

	__list_unlink(old, head, -1);
	if (head > 0)
		list_add(node, head);
}

/* include/linux/rculist.h */
void list_replace_rcu(struct list_head *old, struct list_head *node)
{
	struct list_head *head = __list_open(old);

	__list_unlink(old, head, 0);
	if (head > 0)
		list_add(node, head);
}

/* include/linux/list.h */
void list_move(struct list_head *entry, struct list_head *head)
{
	struct list_head *from = __list_open(entry);

	__list_unlink(entry, from, 0);
	WINDOW(head->__window, exclusive);
	__list_insert(entry, head, 1);
}

/* include/linux/list.h */
void list_move_tail(struct list_head *entry, struct list_head *head)
{
	struct list_head *from = __list_open(entry);

	__list_unlink(entry, from, 0);
	WINDOW(head->__window, exclusive);
	__list_insert(entry, head, 0);
}

/* include/linux/list.h: of a head (has it entries?) and of an entry (is it on a list?). A poisoned entry is not empty. */
ATOMIC int list_empty(struct list_head *head)
{
	EITHER(head);
	return !head->__slot0 && !head->__slot1 && !head->__on;
}

/* include/linux/list.h */
ATOMIC int list_empty_careful(struct list_head *head)
{
	EITHER(head);
	return !head->__slot0 && !head->__slot1 && !head->__on;
}

/* include/linux/list.h */
ATOMIC int list_is_singular(struct list_head *head)
{
	return head->__slot0 && !head->__slot1;
}

/* include/linux/list.h */
ATOMIC int list_is_last(struct list_head *node, struct list_head *head)
{
	return head->__slot1 ? head->__slot1 == node : head->__slot0 == node;
}

/* include/linux/list.h */
ATOMIC int list_is_first(struct list_head *node, struct list_head *head)
{
	return head->__slot0 == node;
}

/* include/linux/list.h */
ATOMIC void INIT_LIST_HEAD(struct list_head *head)
{
	head->__slot0 = 0;
	head->__slot1 = 0;
	head->__on = 0;
	head->__added = 0;
}

/* include/linux/rculist.h */
ATOMIC void INIT_LIST_HEAD_RCU(struct list_head *head)
{
	head->__slot0 = 0;
	head->__slot1 = 0;
	head->__on = 0;
	head->__added = 0;
}

/* Hands the entries of `list` over to `head`. */
ATOMIC void __list_hand_over(struct list_head *list, struct list_head *head)
{
	struct list_head *first = list->__slot0;
	struct list_head *second = list->__slot1;

	if (first) {
		first->__on = head;
		if (head->__slot0)
			head->__slot1 = first;
		else
			head->__slot0 = first;
	}
	if (second) {
		second->__on = head;
		head->__slot1 = second;
	}
	list->__slot0 = 0;
	list->__slot1 = 0;
	WINDOW_END(head->__window, exclusive);
	WINDOW_END(list->__window, exclusive);
}

/* include/linux/list.h */
void list_splice(struct list_head *list, struct list_head *head)
{
	WINDOW(list->__window, exclusive);
	WINDOW(head->__window, exclusive);
	__list_hand_over(list, head);
}

/* include/linux/list.h */
void list_splice_tail(struct list_head *list, struct list_head *head)
{
	WINDOW(list->__window, exclusive);
	WINDOW(head->__window, exclusive);
	__list_hand_over(list, head);
}

/* include/linux/list.h */
void list_splice_init(struct list_head *list, struct list_head *head)
{
	WINDOW(list->__window, exclusive);
	WINDOW(head->__window, exclusive);
	__list_hand_over(list, head);
}

/* include/linux/list.h */
void list_splice_tail_init(struct list_head *list, struct list_head *head)
{
	WINDOW(list->__window, exclusive);
	WINDOW(head->__window, exclusive);
	__list_hand_over(list, head);
}

/* include/linux/list.h */
void list_replace_init(struct list_head *old, struct list_head *node)
{
	WINDOW(old->__window, exclusive);
	WINDOW(node->__window, exclusive);
	__list_hand_over(old, node);
}

/* Hash lists. The first entry, or NULL. */
ATOMIC struct hlist_node *__hlist_first(struct hlist_head *head)
{
	if (head->__slot0)
		return head->__slot0;
	return head->__slot1;
}

/* The entry after `node`, or NULL. */
ATOMIC struct hlist_node *__hlist_next(struct hlist_head *head, struct hlist_node *node)
{
	CHECK("use-after-free", node->__on != -1, "the walk goes on from an entry that hlist_del() has removed: its next pointer is poison");
	if (node == head->__slot0)
		return head->__slot1;
	if (node == head->__slot1)
		return 0;
	return node->__after;
}

/* Puts the entry in front. */
ATOMIC void __hlist_insert(struct hlist_node *node, struct hlist_head *head)
{
	CHECK("lost-data", !node->__added, "hlist_add_head() of an entry that is hashed already: the chain is corrupted");
	if (head->__slot0 != node && head->__slot1 != node) {
		if (head->__slot0)
			head->__slot1 = head->__slot0;
		head->__slot0 = node;
	}
	node->__on = head;
	node->__added = 1;
	WINDOW_END(head->__window, exclusive);
}

/* include/linux/list.h */
void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	WINDOW(head->__window, exclusive);
	__hlist_insert(node, head);
}

/* include/linux/rculist.h */
void hlist_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	WINDOW(head->__window, exclusive);
	__hlist_insert(node, head);
}

/* include/linux/rculist.h */
void hlist_add_tail_rcu(struct hlist_node *node, struct hlist_head *head)
{
	WINDOW(head->__window, exclusive);
	__hlist_insert(node, head);
}

/* include/linux/rculist_nulls.h */
void hlist_nulls_add_head_rcu(struct hlist_node *node, struct hlist_head *head)
{
	WINDOW(head->__window, exclusive);
	__hlist_insert(node, head);
}

/* Opens the window on the chain that the entry is on; NULL where it is on none that is known. */
ATOMIC struct hlist_head *__hlist_open(struct hlist_node *node)
{
	struct hlist_head *head = node->__on;

	CHECK("lost-data", head != -1, "hlist_del() of an entry that was deleted already: the chain is corrupted");
	if (head > 0)
		WINDOW(head->__window, exclusive);
	return head;
}

/* Takes the entry out and leaves `state` in its links. */
ATOMIC void __hlist_unlink(struct hlist_node *node, struct hlist_head *head, struct hlist_head *state)
{
	if (head > 0) {
		if (head->__slot0 == node) {
			node->__after = head->__slot1;
			head->__slot0 = head->__slot1;
			head->__slot1 = 0;
		} else if (head->__slot1 == node) {
			node->__after = 0;
			head->__slot1 = 0;
		}
		WINDOW_END(head->__window, exclusive);
	}
	node->__added = 0;
	node->__on = state;
}

/* include/linux/list.h */
void hlist_del(struct hlist_node *node)
{
	struct hlist_head *head = __hlist_open(node);

	__hlist_unlink(node, head, -1);
}

/* include/linux/list.h: nothing when it is not hashed. */
void hlist_del_init(struct hlist_node *node)
{
	struct hlist_head *head = __hlist_open(node);

	__hlist_unlink(node, head, 0);
}

/* include/linux/rculist.h: readers may still go on from it. */
void hlist_del_rcu(struct hlist_node *node)
{
	struct hlist_head *head = __hlist_open(node);

	__hlist_unlink(node, head, 0);
}

/* include/linux/rculist.h */
void hlist_del_init_rcu(struct hlist_node *node)
{
	struct hlist_head *head = __hlist_open(node);

	__hlist_unlink(node, head, 0);
}

/* include/linux/rculist_nulls.h */
void hlist_nulls_del_rcu(struct hlist_node *node)
{
	struct hlist_head *head = __hlist_open(node);

	__hlist_unlink(node, head, 0);
}

/* include/linux/hashtable.h */
void hash_del(struct hlist_node *node)
{
	struct hlist_head *head = __hlist_open(node);

	__hlist_unlink(node, head, 0);
}

/* include/linux/hashtable.h */
void hash_del_rcu(struct hlist_node *node)
{
	struct hlist_head *head = __hlist_open(node);

	__hlist_unlink(node, head, 0);
}

/* include/linux/hashtable.h: all buckets are the one. */
void hash_add(struct hlist_head *table, struct hlist_node *node, unsigned long key)
{
	hlist_add_head(node, table);
}

/* include/linux/hashtable.h */
void hash_add_rcu(struct hlist_head *table, struct hlist_node *node, unsigned long key)
{
	hlist_add_head(node, table);
}

/* include/linux/hashtable.h */
ATOMIC int hash_empty(struct hlist_head *table)
{
	EITHER(table);
	return !table->__slot0 && !table->__slot1;
}

/* include/linux/hashtable.h */
ATOMIC int hash_hashed(struct hlist_node *node)
{
	return node->__on > 0;
}

/* include/linux/list.h */
ATOMIC int hlist_empty(struct hlist_head *head)
{
	EITHER(head);
	return !head->__slot0 && !head->__slot1;
}

/* include/linux/list.h */
ATOMIC int hlist_unhashed(struct hlist_node *node)
{
	return !node->__on;
}

/* include/linux/list.h */
ATOMIC int hlist_unhashed_lockless(struct hlist_node *node)
{
	return !node->__on;
}

/* include/linux/list.h */
ATOMIC void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->__on = 0;
	node->__added = 0;
}

/* include/linux/list.h */
ATOMIC void INIT_HLIST_HEAD(struct hlist_head *head)
{
	head->__slot0 = 0;
	head->__slot1 = 0;
}

/* Lock-less lists. The first entry of a chain taken out, or of the list itself. */
ATOMIC struct llist_node *__llist_first(struct llist_node *node)
{
	return node;
}

/* The next of the chain. */
ATOMIC struct llist_node *__llist_next(struct llist_node *first, struct llist_node *node)
{
	return node->next;
}

/* include/linux/llist.h: a compare and exchange, so one step. True when the list was empty. */
ATOMIC int llist_add(struct llist_node *node, struct llist_head *head)
{
	int empty = !head->__slot0;

	node->next = head->__slot0;
	head->__slot0 = node;
	return empty;
}

/* include/linux/llist.h: an exchange. */
ATOMIC struct llist_node *llist_del_all(struct llist_head *head)
{
	struct llist_node *first = head->__slot0;

	head->__slot0 = 0;
	return first;
}

/* lib/llist.c: one consumer only. */
ATOMIC struct llist_node *llist_del_first(struct llist_head *head)
{
	struct llist_node *first = head->__slot0;

	if (first)
		head->__slot0 = first->next;
	return first;
}

/* include/linux/llist.h */
ATOMIC int llist_empty(struct llist_head *head)
{
	EITHER(head);
	return !head->__slot0;
}

/* lib/llist.c: order does not matter here. */
ATOMIC struct llist_node *llist_reverse_order(struct llist_node *head)
{
	return head;
}

/* include/linux/llist.h */
ATOMIC void init_llist_head(struct llist_head *head)
{
	head->__slot0 = 0;
}
