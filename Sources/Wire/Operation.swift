/// What a vending application may ask the gate for. Any other name is an error, never a permission.
package enum Operation: String, CaseIterable, Codable, Sendable {
    case airtimeVend = "airtime_vend"
    case depositAdvance = "deposit_advance"
    case dataVend = "data_vend"
    case electricityVend = "electricity_vend"
    case voucherVend = "voucher_vend"
    case billPayment = "bill_payment"
    case moneyTransfer = "money_transfer"
    case balanceEnquiry = "balance_enquiry"
    case statement
    case reprint
    case support
    case sync

    /// Whether it uses the vendor's funds: refused while locked.
    package var isSpending: Bool {
        switch self {
        case .airtimeVend, .depositAdvance, .dataVend, .electricityVend, .voucherVend, .billPayment, .moneyTransfer: true
        case .balanceEnquiry, .statement, .reprint, .support, .sync: false
        }
    }

    /// The spending operations, in the order of the contract: a locked lease's `blocked`.
    package static let spending: [Operation] = allCases.filter(\.isSpending)
}
