// libphonenumber is C++ only: the two questions that vendlock asks of it, in C. Exceptions must not cross into Swift.
#include "CPhoneNumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <set>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

extern "C" int vendlock_phone_e164(const char *text, const char *region, char e164[20]) {
    const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    const auto failure = util->Parse(text, region, &number);
    if (failure != PhoneNumberUtil::NO_PARSING_ERROR) return static_cast<int>(failure);
    // Not IsValidNumber: the metadata of Debian 12 (8.12.57) does not know ranges that Zambia has given out since.
    if (!util->IsPossibleNumber(number)) return -1;
    std::string formatted;
    util->Format(number, PhoneNumberUtil::E164, &formatted);
    if (formatted.size() >= 20) return -1;
    std::memcpy(e164, formatted.c_str(), formatted.size() + 1);
    return 0;
}

extern "C" int vendlock_phone_knows_region(const char *region) {
    std::set<std::string> regions;
    PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
    return regions.count(region) > 0;
}
