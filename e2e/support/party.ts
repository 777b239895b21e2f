/** The common beginning of the demo, the measurements and most journeys: two people in one party, the film playing. */
import type { Member } from './member.ts';
import { until } from './tab.ts';
import { words } from './words.ts';

/**
 * The host watches the item and starts a party; the guest signs in and follows the link.
 * @returns the invite link.
 */
export async function meet(host: Member, guest: Member, itemId: string, relayUrl: string): Promise<string> {
  await Promise.all([host.watch(itemId), guest.film.visit().then(() => guest.film.signIn(guest.name))]);
  await host.startParty(relayUrl);
  const link = await host.copyInvite();
  await guest.joinByLink(link);
  await inSync(host, guest);
  return link;
}

/** What the row of somebody in step says; before the film has begun, the second one. */
const IN_STEP = [words('state_in_sync'), words('ready_ready')];

/** Waits until every member's own row says so at every member's screen; who has to press play first does. */
export async function inSync(...members: Member[]): Promise<void> {
  const seesAll = async (member: Member): Promise<void> => {
    await member.openPanel();
    await until(
      `${member.name} to see everyone in sync`,
      async () => {
        await member.startIfAsked();
        const rows = await member.people();
        const inStep = rows.filter((row) => IN_STEP.some((word) => row.includes(word)));
        return inStep.length >= members.length ? true : null;
      },
      40_000,
    );
  };
  await Promise.all(members.map(seesAll));
}
