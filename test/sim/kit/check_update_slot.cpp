// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

#include "kit/notebook.hpp"

namespace smgw::testkit {
namespace {

/// Octets of the image that are altered, one a time.
constexpr std::size_t alterations = 8;

expected<std::string> stage(ports::update_slot& slot, bytes_view image, std::uint64_t announced) {
  if (auto begun = slot.begin(announced); !begun) return std::unexpected(begun.error());
  for (auto rest = image; !rest.empty();) {
    const auto piece = rest.first(std::min<std::size_t>(rest.size(), 1000));
    if (auto written = slot.write(piece); !written) return std::unexpected(written.error());
    rest = rest.subspan(piece.size());
  }
  return slot.finish();
}

/// Whatever was refused, what runs and what is staged are as before.
void check_unchanged(ports::update_slot& slot, const ports::firmware_state& before, notebook& notes,
                     const std::string& after) {
  const auto now = slot.inspect();
  if (!notes.expect(now, "inspect after " + after)) return;
  notes.expect(now->running == before.running, after + " changes the running firmware");
  notes.expect(now->staged.empty() || now->staged == before.staged, after + " leaves something staged");
}

void check_refusals(ports::update_slot& slot, bytes_view image, const ports::firmware_state& before, notebook& notes) {
  notes.refused(slot.write(image), errc::conflict, "a write without a begin");
  notes.refused(slot.finish(), errc::conflict, "a finish without a begin");
  notes.refused(stage(slot, image, image.size() - 1), errc::exhausted, "an image longer than announced");
  notes.refused(stage(slot, image.first(image.size() / 2), image.size()), errc::truncated, "half an image");
  notes.refused(slot.finish(), errc::conflict, "a second finish");
  notes.refused(slot.begin(std::uint64_t{1} << 60U), errc::exhausted, "an image of 2^60 octets");
  check_unchanged(slot, before, notes, "an image that is not whole");
  for (std::size_t i = 0; i < alterations; ++i) {
    bytes altered(image.begin(), image.end());
    altered[i * (altered.size() - 1) / (alterations - 1)] ^= 1U;
    notes.refused(stage(slot, altered, altered.size()), errc::untrusted, "an image with one altered bit");
  }
  check_unchanged(slot, before, notes, "an altered image");
}

}  // namespace

findings check_update_slot(ports::update_slot& slot, bytes_view image) {
  notebook notes;
  const auto before = slot.inspect();
  if (!notes.expect(before, "inspect") || !notes.expect(image.size() >= 64, "give an image of 64 octets or more"))
    return notes.take();
  check_refusals(slot, image, *before, notes);
  const auto version = stage(slot, image, image.size());
  if (!notes.expect(version, "the signed image")) return notes.take();
  notes.expect(!version->empty(), "the signed image has no version");
  const auto staged = slot.inspect();
  if (!notes.expect(staged, "inspect after staging")) return notes.take();
  notes.expect(staged->staged == *version, "what is staged is not told");
  notes.expect(staged->running == before->running, "staging changes the running firmware");
  notes.expect(slot.activate(), "activate");
  notes.expect(slot.confirm(), "confirm");
  notes.expect(slot.confirm(), "a second confirm");
  const auto confirmed = slot.inspect();
  if (notes.expect(confirmed, "inspect after confirm"))
    notes.expect(confirmed->confirmed, "a confirmed firmware does not count as confirmed");
  return notes.take();
}

}  // namespace smgw::testkit
