/*
 * Interrupt descriptors: kernel/irq/internals.h, kernel/irq/irqdesc.c. Locked as they are looked up.
 */

/* kernel/irq/internals.h */
struct irq_desc *irq_get_desc_lock(unsigned int irq, unsigned long *flags, unsigned int check)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return NULL;
	raw_spin_lock_irqsave(&desc->lock, *flags);
	return desc;
}

/* kernel/irq/internals.h */
void irq_put_desc_unlock(struct irq_desc *desc, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/* kernel/irq/internals.h: the chip's own bus is locked as well. */
struct irq_desc *irq_get_desc_buslock(unsigned int irq, unsigned long *flags, unsigned int check)
{
	return irq_get_desc_lock(irq, flags, check);
}

/* kernel/irq/internals.h */
void irq_put_desc_busunlock(struct irq_desc *desc, unsigned long flags)
{
	irq_put_desc_unlock(desc, flags);
}
