/** Standard output, no faster than whoever reads it. */
import { once } from 'node:events'

export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}
