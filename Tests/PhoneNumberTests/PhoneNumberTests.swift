import PhoneNumbers
import Testing
