/**
 * The load, in a process of its own: posts messages over HTTP/1.1, each on one of so many kept connections, the next as
 * soon as one is stored. Standard input holds the messages, a JSON line each; arguments are port and connections. It
 * speaks HTTP by hand, so as to take as little of the machine as it can from the bot that it measures.
 */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

const [port = '', connections = '64'] = process.argv.slice(2)
const lines = (await text(process.stdin)).split('\n').filter((line) => line !== '')
const requests = lines.map(
  (line) =>
    `POST /api/messages HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(line)}\r\n\r\n${line}`,
)
let next = 0

await Promise.all(Array.from({ length: Number(connections) }, postInTurn))

function postInTurn(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true })
    let answer = ''
    const post = () => {
      const request = requests[next++]
      if (request === undefined) {
        socket.end()
        resolve()
      } else socket.write(request)
    }
    socket.setEncoding('latin1')
    socket.once('connect', post)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the bot closed a connection')))
    socket.on('data', (chunk: string) => {
      answer += chunk
      const [head = '', body] = answer.split('\r\n\r\n', 2)
      if (body === undefined || body.length < Number(/^content-length: (\d+)/imu.exec(head)?.[1] ?? 0)) return
      answer = ''
      if (head.startsWith('HTTP/1.1 202')) post()
      else reject(new Error(`a message was not taken: ${head.split('\r\n')[0]} ${body}`))
    })
  })
}
