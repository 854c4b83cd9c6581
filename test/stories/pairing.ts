/** Two stages as one: the customers of the one, the desk of the other. */
import type { ChannelName, Command } from '../../src/domain/message.ts'
import type { Channel } from '../../src/domain/ports.ts'
import type { Stage, Told } from './stage.ts'

export function paired(customers: Stage, desk: Stage): Stage {
  let told: Told | null = null
  let events = 0

  /** A failure is recorded on somebody's message: who is elsewhere has none here, and is named on the page. */
  async function opens(name: string, command: Command): Promise<void> {
    if (!told) throw new Error('the stage has not begun')
    events += 1
    await told.front.receive({
      type: 'commanded',
      id: `opened-${events}`,
      place: { channel: 'web', workspace: '-', room: 'desk', thread: null },
      author: { id: desk.idOf(name), name },
      at: told.now(),
      command,
    })
  }

  return {
    name: `customers ${customers.name || 'web'}, desk ${desk.name || 'web'}`,
    channels: new Map<ChannelName, Channel>([...customers.channels, ...desk.channels]),
    desk: desk.desk,
    idOf: customers.idOf,
    idOfAgent: desk.idOf,
    ...(customers.nameOf ? { nameOf: customers.nameOf } : {}),
    async begin(begun) {
      told = begun
      await customers.begin(begun)
      await desk.begin(begun)
    },
    customer: customers.customer,
    agent(name) {
      const hands = desk.agent(name)
      return { does: (command) => (command.do === 'open' ? opens(name, command) : hands.does(command)) }
    },
    ...(customers.shownTo ? { shownTo: customers.shownTo } : {}),
    async stop() {
      await customers.stop()
      await desk.stop()
    },
  }
}
