/** A queue: first in, first out, each in constant time. */
export class Fifo<Item> {
  private items: (Item | undefined)[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: Item): void {
    this.items.push(item);
  }

  /** The first item; there must be one. */
  first(): Item {
    return this.items[this.head] as Item;
  }

  /** Takes the first item out; there must be one. */
  shift(): Item {
    const item = this.first();
    this.items[this.head++] = undefined;
    if (2 * this.head > this.items.length) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
    return item;
  }

  /** Takes all items out and returns them. */
  clear(): Item[] {
    const items = this.items.slice(this.head) as Item[];
    this.items = [];
    this.head = 0;
    return items;
  }
}
