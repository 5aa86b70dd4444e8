// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "base/check.hpp"
#include "base/hex.hpp"
#include "base/time_text.hpp"
#include "protocols/trudi/document.hpp"
#include "protocols/trudi/units.hpp"
#include "protocols/trudi/xml_text.hpp"

#include <algorithm>
#include <limits>

namespace smgw::trudi {
namespace {

using std::chrono::seconds;

constexpr std::size_t value_size = 420;  ///< octets of one value, roughly

expected<void> check_text(std::string_view what, std::string_view text, std::size_t most) {
  if (text.empty()) return fail(errc::malformed, std::string(what) + " is empty: the transparency software needs it");
  if (text.size() > most)
    return fail(errc::malformed, std::string(what) + " is longer than " + std::to_string(most) + " characters");
  return {};
}

seconds whole(timestamp t) { return std::chrono::floor<seconds>(t).time_since_epoch(); }

/// An interval whose ends are whole seconds; what lies in it stays in it.
struct span {
  timestamp start;
  std::int64_t duration;
};
expected<span> interval(timestamp from, timestamp to) {
  const auto begin = whole(from);
  const auto end = std::chrono::ceil<seconds>(to).time_since_epoch();
  if (end < begin) return fail(errc::malformed, "an interval that ends before it begins");
  if ((end - begin).count() > std::numeric_limits<std::uint32_t>::max())
    return fail(errc::exhausted, "an interval of more than 136 years");
  return span{timestamp{begin}, (end - begin).count()};
}

void put_interval(xml_writer& x, std::string_view name, const span& s) {
  x.open(name);
  x.element("duration", s.duration);
  x.element("start", to_iso8601(s.start));
  x.close(name);
}

// --- values

/// The finest scaler of a list: the schema has one for all values.
std::int8_t scaler_of(const list& l) {
  auto finest = std::numeric_limits<std::int8_t>::max();
  for (const auto& b : l.blocks)
    for (const auto& v : b.values) finest = std::min(finest, v.level.scaler);
  return finest;
}

expected<std::int64_t> scaled(const decimal& d, std::int8_t scaler) {
  auto v = d.value;
  for (int i = d.scaler; i > scaler; --i)
    if (v > max_value / 10 || v < -max_value / 10 || __builtin_mul_overflow(v, 10, &v))
      return fail(errc::exhausted, "a value of more than 48 bits");
  if (v > max_value || v < -max_value) return fail(errc::exhausted, "a value of more than 48 bits");
  return v;
}

/// A derived register holds for an instant; a meter's value was captured at one.
timestamp time_of(const list& l, const value& v) { return l.original ? v.captured : v.target; }

expected<void> put_value(xml_writer& x, const list& l, const value& v, std::int8_t scaler) {
  SMGW_TRY(const auto number, scaled(v.level, scaler));
  x.open("IntervalReading");
  x.element("espi:value", number);
  put_interval(x, "timePeriod", {timestamp{whole(time_of(l, v))}, 0});
  if (l.original) x.element("targetTime", to_iso8601(v.target));
  if (!v.signature.empty()) x.element("signature", to_hex(v.signature));
  if (fits_fnn(v.status))
    x.element("statusFNN", v.status.hex());
  else
    x.element("statusPTB", v.grade);
  x.close("IntervalReading");
  return {};
}

/// The interval of a block: values that were captured seconds before or after it still lie inside.
expected<span> block_interval(const list& l, const block& b) {
  auto from = b.from;
  auto to = b.to;
  for (const auto& v : b.values) {
    const auto at = time_of(l, v);
    if (l.original && l.blocks.size() == 1) {
      from = std::min(from, at);
      to = std::max(to, at);
    }
    if (at < from || at > to) return fail(errc::malformed, "a value outside its block");
  }
  return interval(from, to);
}

// --- lists

expected<void> check_list(const list& l) {
  SMGW_CHECK(check_text("a list's meter", l.meter, max_id));
  SMGW_CHECK(check_text("a list's source", l.source, max_id));
  if (l.blocks.empty()) return fail(errc::malformed, "a list without values");
  for (std::size_t i = 1; i < l.blocks.size(); ++i)
    if (l.blocks[i].from != l.blocks[i - 1].to) return fail(errc::malformed, "blocks with a gap or overlap");
  for (const auto& b : l.blocks)
    if (b.values.empty()) return fail(errc::malformed, "a block without values");
  return {};
}

std::string reading_id(const document& d, const list& l) {
  return d.usage_point + "." + l.source + "." + l.register_name.hex();
}

expected<void> put_list(xml_writer& x, const document& d, const list& l) {
  SMGW_CHECK(check_list(l));
  const auto uom = symbol_kind(l.measured);
  if (!uom) return fail(errc::malformed, "a unit that the schema does not have: " + std::string(symbol(l.measured)));
  const auto scaler = scaler_of(l);
  x.open("MeterReading");
  x.raw("<Meter>");
  x.element("meterId", l.meter);
  x.raw("</Meter>");
  x.element("meterReadingId", reading_id(d, l));
  x.raw("<ReadingType><espi:powerOfTenMultiplier>0</espi:powerOfTenMultiplier>");
  x.element("espi:uom", *uom);
  x.element("scaler", static_cast<int>(scaler));
  x.element("obisCode", l.register_name.hex());
  x.element("qualifiedLogicalName", l.register_name.hex() + "." + l.source + ".sm");
  if (l.period) x.element("measurementPeriod", l.period->count());
  x.raw("</ReadingType>");
  for (const auto& b : l.blocks) {
    SMGW_TRY(const auto where, block_interval(l, b));
    x.open("IntervalBlock");
    put_interval(x, "interval", where);
    for (const auto& v : b.values) SMGW_CHECK(put_value(x, l, v, scaler));
    x.close("IntervalBlock");
  }
  x.close("MeterReading");
  return {};
}

void put_log(xml_writer& x, const log_entry& e) {
  x.open("LogEntry");
  if (e.parent != 0) x.element("parentRecordNumber", e.parent);
  x.element("recordNumber", e.number);
  x.element("repetitionCounter", e.repetitions);
  x.raw("<LogEvent><type>");
  x.element("eventId", e.event);
  if (!e.vendor.empty()) x.element("vendorId", e.vendor.substr(0, 32));
  x.raw("</type>");
  x.element("level", static_cast<unsigned>(e.level));
  // Cut in front of a character, never inside one.
  auto end = std::min(e.text.size(), max_text);
  while (end < e.text.size() && end > 0 && (static_cast<std::uint8_t>(e.text[end]) & 0xC0U) == 0x80) --end;
  x.element("text", std::string_view{e.text}.substr(0, end));
  x.element("outcome", static_cast<unsigned>(e.outcome));
  x.element("timestamp", to_iso8601(e.at));
  x.raw("</LogEvent>");
  x.close("LogEntry");
}

expected<void> put_math(xml_writer& x, const document& d, const combination& m) {
  if (m.first >= d.lists.size() || m.second >= d.lists.size())
    return fail(errc::malformed, "a combination of a list that is not there");
  x.raw("<MathOperation><Operand1>");
  x.element("meterReadingId", reading_id(d, d.lists[m.first]));
  x.raw("</Operand1><Operator>");
  x.element("operator", m.subtract ? 2 : 1);
  x.raw("</Operator><Operand2>");
  x.element("meterReadingId", reading_id(d, d.lists[m.second]));
  x.raw("</Operand2></MathOperation>");
  return {};
}

expected<std::size_t> check(const document& d) {
  SMGW_CHECK(check_text("the usage point", d.usage_point, max_id));
  SMGW_CHECK(check_text("the customer", d.customer, max_id));
  SMGW_CHECK(check_text("the invoicing party", d.invoicing_party, max_id));
  SMGW_CHECK(check_text("the gateway's id", d.smgw, max_smgw_id));
  SMGW_CHECK(check_text("the tariff's name", d.tariff, max_name));
  if (d.certificate.content.empty()) return fail(errc::malformed, "the gateway's certificate is missing");
  if (d.lists.empty()) return fail(errc::malformed, "there is no list");
  if (d.lists.size() > max_lists) return fail(errc::exhausted, "too many lists");
  if (d.log.size() > max_log) return fail(errc::exhausted, "too many log entries");
  std::size_t values = 0;
  for (const auto& l : d.lists)
    for (const auto& b : l.blocks) values += b.values.size();
  if (values > max_values) return fail(errc::exhausted, "too many values: ask for a shorter time");
  return values;
}

void put_head(xml_writer& x, const document& d) {
  x.raw(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<UsagePoints xmlns=\"http://vde.de/AR_2418-6.xsd\""
      " xmlns:espi=\"http://naesb.org/espi\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><UsagePoint>"
      "<espi:ServiceCategory>");
  x.element("espi:kind", static_cast<unsigned>(d.kind));
  x.raw("</espi:ServiceCategory>");
  x.element("usagePointId", d.usage_point);
  x.raw("<Customer>");
  x.element("customerId", d.customer);
  x.raw("</Customer><InvoicingParty>");
  x.element("invoicingPartyId", d.invoicing_party);
  x.raw("</InvoicingParty><SMGW><certId>1</certId>");
  x.element("smgwId", d.smgw);
  if (!d.firmware.empty()) x.element("FirmwareVersion", d.firmware.substr(0, 32));
  x.raw("</SMGW><Certificate><certId>1</certId>");
  x.element("certType", static_cast<unsigned>(d.certificate.type));
  x.element("certContent", to_hex(d.certificate.content));
  x.raw("</Certificate>");
  x.element("tariffName", d.tariff);
}

}  // namespace

bool fits_fnn(const status_word& s) noexcept {
  constexpr std::uint32_t smgw_fixed = 0x0000'0005;
  constexpr std::uint32_t smgw_free = 0x0000'7302;
  constexpr std::uint32_t meter_fixed = 0x0000'0004;
  constexpr std::uint32_t meter_free = 0x001F'FF00;
  return (s.smgw & ~smgw_free) == smgw_fixed && (s.meter & ~meter_free) == meter_fixed;
}

expected<std::string> write(const document& d) {
  SMGW_TRY(const auto values, check(d));
  xml_writer x;
  x.reserve(4096 + value_size * values + 512 * d.log.size());
  put_head(x, d);
  if (d.math) SMGW_CHECK(put_math(x, d, *d.math));
  for (const auto& e : d.log) put_log(x, e);
  for (const auto& l : d.lists) SMGW_CHECK(put_list(x, d, l));
  x.raw("</UsagePoint></UsagePoints>\n");
  return x.take();
}

}  // namespace smgw::trudi
