// libphonenumber is C++ only: the two questions that vendlock asks of it, in C.
#include "CPhoneNumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <set>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static size_t national_length(const PhoneNumberUtil &util, const PhoneNumber &number) {
    std::string digits;
    util.GetNationalSignificantNumber(number, &digits);
    return digits.size();
}

static bool has_mobile_length(const PhoneNumberUtil &util, const PhoneNumber &number) {
    std::string region;
    util.GetRegionCodeForCountryCode(number.country_code(), &region);
    PhoneNumber example;
    return util.GetExampleNumberForType(region, PhoneNumberUtil::MOBILE, &example) && national_length(util, example) == national_length(util, number);
}

extern "C" int vendlock_phone_read(const char *digits, const char *region, int with_likelihood, vendlock_phone_reading *reading) noexcept {
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    const auto failure = util.Parse(digits, region, &number);
    if (failure != PhoneNumberUtil::NO_PARSING_ERROR) return static_cast<int>(failure);
    // IsPossibleNumber would take a number without its area code too.
    if (number.has_extension() || util.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) return -1;
    std::string formatted;
    util.Format(number, PhoneNumberUtil::E164, &formatted);
    if (formatted.size() >= sizeof reading->e164) return -1;
    std::memcpy(reading->e164, formatted.c_str(), formatted.size() + 1);
    if (!with_likelihood) return 0;
    reading->is_known_range = util.IsValidNumber(number);
    const auto type = util.GetNumberType(number);
    reading->is_mobile_range = type == PhoneNumberUtil::MOBILE || type == PhoneNumberUtil::FIXED_LINE_OR_MOBILE;
    reading->has_mobile_length = has_mobile_length(util, number);
    return 0;
}

extern "C" int vendlock_phone_knows_region(const char *region) noexcept {
    std::set<std::string> regions;
    PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
    return regions.count(region) > 0;
}
