import type { Place } from './facts.ts'

// "Order 10492", "tracking number is 1Z999…", "#A-2231", 訂單編號：A10492.
const named =
  /\b(?:order|ticket|case|tracking|booking|ref|reference|confirmation|invoice|shipment|parcel|reservation|account|policy|complaint|receipt|transaction|claim|rma|po)(?: |-)?(?:number|numbers|num|no\.?|nr\.?|id|code|ref|reference)?(?: is| was|:|=)? ?(?:#|no\.? ?)?([a-z]{0,6}[-_]?[a-z0-9]*\d[a-z0-9_-]{2,30})(?![\w])/
const namedHan =
  /(?:订单|单|运单|快递单|物流单|案件|案|工单|票|编|预约|预订|确认|参考|申请|受理|流水|交易|保单|取件)(?:编号|号码|号|編號)?\s*(?:是|为|:|#|=|\s)*\s*([a-z]{0,6}-?[a-z0-9]*\d[a-z0-9_-]{2,30})(?![\w])/
const hash = /(?<![\w&])#([a-z]{0,4}-?\d[a-z0-9-]{2,20})(?!\w)/
// Letters and digits that no word or date has: A-10492, AB123456789TW, 1Z999AA10123456784.
const bareCode = /(?<![\w@/.#-])([a-z]{1,5}-\d{3,}(?:-\d+)*|[a-z]{2}\d{9}[a-z]{2}|1z[a-z0-9]{16})(?![\w@/-])/
const afterAsked = /(?<![\w.])([a-z]{0,6}[-_]?\d[a-z0-9_-]{2,30})(?!\w)/
const notOrder =
  /^(?:(?:19|20)\d\d|\d+(?:st|nd|rd|th|am|pm|days?|hrs?|hours?|mins?|minutes?|weeks?|gb|mb|kg|g|cm|mm|px|k|x|s)|(?:covid|iphone|ps|win|windows|mp|h|x|ip|usb|utf|sha|iso|b2b)-?\d+)$/

/** Where an order, ticket or tracking number stands, or null. After the bot asked for it, a bare number counts. */
export function orderIn(folded: string, asked: string | null): Place | null {
  for (const pattern of [named, namedHan, hash, bareCode, ...(asked === 'order' ? [afterAsked] : [])]) {
    const match = pattern.exec(folded)
    const code = match?.[1]
    if (!match || !code || notOrder.test(code) || /^\d{4}-\d\d-\d\d/.test(code)) continue
    const start = match.index + match[0].lastIndexOf(code)
    return { start, end: start + code.length }
  }
  return null
}
