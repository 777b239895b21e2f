import messages from '../../_locales/en/messages.json';
import type { Translate } from '../i18n.ts';

interface Message {
  message: string;
  placeholders?: Record<string, { content: string }>;
}

/** `browser.i18n.getMessage` for tests, over the English messages. */
export const translate: Translate = (key, ...params) => {
  const { message, placeholders = {} }: Message = messages[key];
  return message.replace(/\$(\w+)\$/g, (whole, name: string) => {
    const index = placeholders[name.toLowerCase()]?.content.match(/^\$(\d)$/)?.[1];
    return index ? (params[Number(index) - 1] ?? '') : whole;
  });
};
