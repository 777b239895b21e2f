/** What tabs of both browsers do alike: Playwright's and puppeteer's pages agree on this much. */
import { PATIENCE_MS, type Point, sourceOf } from './tab.ts';

interface Page {
  setDefaultTimeout(timeoutMs: number): void;
  goto(url: string, options: { waitUntil: 'domcontentloaded' }): Promise<unknown>;
  reload(options: { waitUntil: 'domcontentloaded' }): Promise<unknown>;
  evaluate(source: string): Promise<unknown>;
  bringToFront(): Promise<void>;
  isClosed(): boolean;
  close(): Promise<void>;
  keyboard: { type(text: string): Promise<void> };
  mouse: { move(x: number, y: number, options: { steps: number }): Promise<void> };
}

export abstract class PageTab<P extends Page> {
  protected readonly page: P;

  constructor(page: P) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'domcontentloaded' });
  }

  evaluate<R>(source: string): Promise<R> {
    return this.page.evaluate(source) as Promise<R>;
  }

  isOpen(): boolean {
    return !this.page.isClosed();
  }

  run<A, R>(pageFunction: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    return this.evaluate(sourceOf(pageFunction, argument));
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  moveMouse({ x, y }: Point): Promise<void> {
    return this.page.mouse.move(x, y, { steps: 4 });
  }

  bringToFront(): Promise<void> {
    return this.page.bringToFront();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
