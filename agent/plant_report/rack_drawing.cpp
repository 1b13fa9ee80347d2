#include "agent/plant_report/rack_drawing.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace ot::agent::plant_report {
namespace {

/// What a module is for, as it is drawn: each with a shade, a word and a shape of its own.
struct Kind {
  char letter;            ///< of its faces and its shade in the style sheet
  std::string_view code;  ///< on its label
  std::string_view meaning;
  std::string_view shape;  ///< behind the code: a path in a box of 34 by 14
};

constexpr std::string_view kPill = "M7 0h20a7 7 0 0 1 0 14h-20a7 7 0 0 1 0-14z";
constexpr std::string_view kBox = "M0 0h34v14h-34z";
constexpr std::string_view kHexagon = "M5 0h24l5 7-5 7h-24l-5-7z";
constexpr std::string_view kSlanted = "M4 0h30l-4 14h-30z";
constexpr std::string_view kCut = "M5 0h24l5 4v6l-5 4h-24l-5-4v-6z";
constexpr std::string_view kArrow = "M0 0h28l6 7-6 7h-28z";
constexpr std::string_view kShield = "M0 0h34v8l-6 6h-22l-6-6z";

constexpr std::array<Kind, 9> kKinds = {{
    {'C', "CPU", "controller, CPU", kPill},
    {'P', "PS", "power supply", kHexagon},
    {'N', "COM", "communication", kSlanted},
    {'I', "I/O", "inputs and outputs", kBox},
    {'M', "IM", "interface module", kArrow},
    {'F', "FM", "function module", kCut},
    {'R', "REL", "protection relay", kShield},
    {'H', "HMI", "operator panel", kBox},
    {'O', "MOD", "another module", kBox},
}};

const Kind& kind_of(Category category) {
  const auto at = [](char letter) -> const Kind& {
    return *std::find_if(kKinds.begin(), kKinds.end(),
                         [letter](const Kind& kind) { return kind.letter == letter; });
  };
  switch (category) {
    case Category::plc: return at('C');
    case Category::power_supply: return at('P');
    case Category::communication:
    case Category::network_switch:
    case Category::synchronization: return at('N');
    case Category::io: return at('I');
    case Category::interface: return at('M');
    case Category::function: return at('F');
    case Category::protection_relay: return at('R');
    case Category::hmi: return at('H');
    case Category::rack:
    case Category::unknown: break;
  }
  return at('O');
}

/// The size of a module in a rack, and of one on a bus.
struct Form {
  char letter;
  int width;
  int height;
  int band;                ///< height of its label
  std::size_t columns;     ///< letters in a line of its name
  std::size_t name_lines;  ///< at most
};
constexpr Form kTall{'t', 102, 138, 24, 12, 2};
constexpr Form kFlat{'f', 102, 90, 20, 12, 2};

constexpr std::array<From, 3> kFroms = {From::project, From::device, From::both};

/// The rail that modules stand on; it is seen between them.
void put_rail(Page& page, const Form& form) {
  page.put("<path class=rl d=\"M0 {}h{}v5h-{}zM0 {}h{}v5h-{}z\"/>", form.band / 2 + 14, form.width,
           form.width, form.height - 16, form.width, form.width);
}

/// As few elements as possible: each module of the plant shows a copy.
void put_face(Page& page, const Form& form, const Kind& kind, From from) {
  const auto inner = form.width - 6;
  const auto top = (form.band - 14) / 2 + 1;
  const auto right = form.width - 42;
  page.put("<g id={}{}{} class=k{}>", form.letter, kind.letter, static_cast<int>(from),
           kind.letter);
  if (form.letter == kTall.letter) {
    put_rail(page, form);
  }
  page.put("<rect class=b{} x=3 y=1 width={} height={} rx=3 />", static_cast<int>(from), inner,
           form.height - 2);
  const auto fill =
      from == From::project ? fmt::format(" fill=url(#h{})", kind.letter) : " class=bd";
  page.put("<rect{} x=3 y=1 width={} height={} rx=3 />", fill, inner, form.band);
  page.put("<rect class=pw x=6 y={} width=40 height=14 rx=2 />", top);
  page.put("<path class=pl transform=translate({},{}) d=\"{}\"/>", right, top, kind.shape);
  page.put("<text class=k x={} y={}>{}</text>", right + 17, top + 10.5, kind.code);
  if (from == From::both) {
    page.put("<path class=tk d=\"M{} {}l4 4 7-9\"/>", form.width - 19, form.height - 10);
  }
  page.put("</g>");
}

/// The hatching of what only a project file says.
void put_hatching(Page& page, const Kind& kind) {
  page.put(
      "<pattern id=h{} class=k{} width=5 height=5 patternUnits=userSpaceOnUse "
      "patternTransform=rotate(45)><rect class=bd width=5 height=5 />"
      "<rect class=ht width=2.6 height=5 /></pattern>",
      kind.letter, kind.letter);
}

void put_empty_face(Page& page, const Form& form) {
  page.put("<g id={}E>", form.letter);
  put_rail(page, form);
  page.put("<rect class=em x=3 y=1 width={} height={} rx=3 /></g>", form.width - 6,
           form.height - 2);
}

/// The text in lines of so many columns, broken at blanks and dashes where it can be.
std::vector<std::string> lines_of(std::string_view text, std::size_t columns, std::size_t most) {
  std::string rest = fit_to_width(escape_for_terminal(trim(text)), 2 * columns * most);
  std::vector<std::string> lines;
  while (!rest.empty() && lines.size() + 1 < most && display_width(rest) > columns) {
    std::size_t cut = 0;
    for (std::size_t at = 0; at < rest.size() && display_width(rest.substr(0, at)) <= columns;
         ++at) {
      const bool breaks = rest[at] == ' ' || (at > 0 && rest[at - 1] == '-');
      cut = breaks ? at : cut;
    }
    if (cut == 0) {
      break;
    }
    lines.emplace_back(trim(rest.substr(0, cut)));
    rest = std::string(trim(rest.substr(cut)));
  }
  if (!rest.empty()) {
    lines.push_back(fit_to_width(rest, columns));
  }
  return lines;
}

void put_lines(Page& page, const std::vector<std::string>& lines, std::string_view mark, int& y,
               int step) {
  for (const auto& line : lines) {
    page.put("<text class={} x=8 y={}>{}</text>", mark, y, html(line));
    y += step;
  }
}

void append(std::string& text, std::string_view label, std::string_view value) {
  if (!value.empty()) {
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", label, value);
  }
}

/// What the drawing says, for those who don't see it and for the mouse.
std::string words_of(const Module& module) {
  std::string text = module.where;
  append(text, "", module.name);
  append(text, "", module.model);
  append(text, "order number ", module.order_id);
  append(text, "firmware ", module.firmware);
  append(text, "serial number ", module.serial);
  append(text, "from ", to_string(module.from));
  for (const auto& difference : module.differences) {
    append(text, "", difference);
  }
  for (const auto& part : module.parts) {
    append(text, "with ", fmt::format("{} {}", part.where, part.name));
  }
  return text;
}

void put_foot(Page& page, const Module& module, const Form& form) {
  const auto y = form.height - 6;
  if (!module.differences.empty()) {
    page.put("<text class=df x=8 y={}>\u2260 differs</text>", y);
  } else if (!module.firmware.empty()) {
    page.put("<text class=f x=8 y={}>{}</text>", y,
             html(fit_to_width(escape_for_terminal(module.firmware), 11)));
  }
}

void put_module(Page& page, const Module& module, const Form& form) {
  const auto place = fit_to_width(escape_for_terminal(module.place), 5);
  page.put("<svg class={} role=img><title>{}</title><use href=#{}{}{} />",
           place.empty() ? fmt::format("\"{} np\"", form.letter) : std::string(1, form.letter),
           html(words_of(module)), form.letter, kind_of(module.category).letter,
           static_cast<int>(module.from));
  if (!place.empty()) {
    page.put("<text class=s x=26 y={}>{}</text>", form.band / 2 + 5, html(place));
  }
  int y = form.band + (form.letter == kTall.letter ? 17 : 14);
  put_lines(page, lines_of(module.name, form.columns, form.name_lines), "m", y, 12);
  y += form.letter == 't' ? 3 : 0;
  const auto order = first_of({module.order_id, module.model});
  put_lines(page, lines_of(order, form.columns + 2, 2), "o", y, 11);
  if (form.letter == 't' && !module.parts.empty()) {
    page.put("<text class=p x=8 y={}>+ {} in sub-slots</text>", y + 2, module.parts.size());
  }
  put_foot(page, module, form);
  page.put("</svg>");
}

void put_empty(Page& page, std::uint64_t first, std::uint64_t last) {
  const auto place = first == last ? std::to_string(first) : fmt::format("{}\u2013{}", first, last);
  page.put(
      "<svg class=t role=img><title>slot {}: no module known</title><use href=#tE />"
      "<text class=es x=51 y=17>{}</text><text class=ee x=51 y=74>no module</text>"
      "<text class=ee x=51 y=86>known</text></svg>",
      place, place);
}

/// The empty slots from `first` up to, but without, `end`: a long run is one place.
void put_empty_run(Page& page, std::uint64_t first, std::uint64_t end) {
  constexpr std::uint64_t kLongRun = 6;
  if (end <= first) {
    return;
  }
  if (end - first > kLongRun) {
    return put_empty(page, first, end - 1);
  }
  for (auto slot = first; slot < end; ++slot) {
    put_empty(page, slot, slot);
  }
}

void put_heading(Page& page, const RackRow& rack) {
  if (rack.title.empty()) {
    return;
  }
  page.put("<h4>{}", html(rack.title));
  for (const auto text : {rack.name, rack.order_id}) {
    page.put(text.empty() ? std::string()
                          : fmt::format(" <span class=mu>{}</span>", html_part(text)));
  }
  page.put("</h4>");
}

/// The bus with the address of a member hanging on it.
void put_tap(Page& page, const BusMember& member) {
  page.put(
      "<svg class=tap role=img><title>{}</title><path class=bl d=\"M6 0v999\"/>"
      "<path class=bl d=\"M6 45h50\"/><rect class=ad x=14 y=34 width=36 height=22 rx=11 />"
      "<text class=at x=32 y=49>{}</text></svg>",
      html(member.where), html(fit_to_width(escape_for_terminal(member.label), 5)));
}

void put_member(Page& page, const BusMember& member) {
  page.put("<li>");
  put_tap(page, member);
  page.put("<div class=tiles>");
  if (member.has_head) {
    put_module(page, member.head, kFlat);
  }
  for (const auto& module : member.modules) {
    put_module(page, module, kFlat);
    for (const auto& part : module.parts) {
      put_module(page, part, kFlat);
    }
  }
  page.put("</div>\n");
}

}  // namespace

void put_faces(Page& page) {
  page.put("<svg class=hid aria-hidden=true><defs>");
  for (const auto& kind : kKinds) {
    put_hatching(page, kind);
    for (const auto from : kFroms) {
      put_face(page, kTall, kind, from);
      put_face(page, kFlat, kind, from);
    }
  }
  put_empty_face(page, kTall);
  page.put("</defs></svg>\n");
}

void put_legend(Page& page) {
  page.put("<div class=legend aria-label=Legend><ul>");
  for (const auto& kind : kKinds) {
    page.put(
        "<li><svg class=lg aria-hidden=true><g transform=\"translate(1 2)\"><path class=\"lp k{}\" "
        "d=\"{}\"/>"
        "<text class=k x=17 y=10.5>{}</text></g></svg>{}",
        kind.letter, kind.shape, kind.code, kind.meaning);
  }
  page.put(
      "</ul><ul><li><svg class=ls aria-hidden=true><rect class=\"b0 kO\" x=1 y=1 width=32 "
      "height=16 rx=3 />"
      "<rect fill=url(#hO) x=1 y=1 width=32 height=8 rx=3 /></svg>hatched: the project file says so"
      "<li><svg class=ls aria-hidden=true><rect class=\"b1 kO\" x=1 y=1 width=32 height=16 rx=3 />"
      "<rect class=\"bd kO\" x=1 y=1 width=32 height=8 rx=3 /></svg>filled: the device said so"
      "<li><svg class=ls aria-hidden=true><rect class=\"b2 kO\" x=1 y=1 width=32 height=16 rx=3 />"
      "<rect class=\"bd kO\" x=1 y=1 width=32 height=8 rx=3 /><path class=\"tk kO\" d=\"M20 13l3 3 "
      "6-7\"/></svg>"
      "filled, with a tick: both"
      "<li><svg class=ls aria-hidden=true><rect class=em x=1 y=1 width=32 height=16 rx=3 /></svg>"
      "dashed: no module known there; a wide module beside it may cover the slot"
      "<li><span class=dfl>\u2260</span>project and device differ</ul></div>\n");
}

void put_rack(Page& page, const RackRow& rack) {
  put_heading(page, rack);
  page.put("<div class=rack>");
  std::uint64_t next = rack.modules.empty() ? 0 : rack.modules.front().number;
  constexpr std::uint64_t kNumbered = std::uint64_t{1} << 32;
  for (const auto& module : rack.modules) {
    const bool numbered = rack.kind == RackRow::Kind::slots && module.number < kNumbered;
    if (numbered) {
      put_empty_run(page, next, module.number);
      next = module.number + 1;
    }
    put_module(page, module, kTall);
  }
  put_empty_run(page, next, rack.slots);
  page.put("</div>\n");
}

void put_bus(Page& page, const Bus& bus) {
  page.put("<h4>{} <span class=mu>{}</span></h4><ul class=\"bus {}\">", html_part(bus.title),
           bus.members.size() == 1 ? "1 participant"
                                   : fmt::format("{} participants", bus.members.size()),
           bus.kind);
  for (const auto& member : bus.members) {
    put_member(page, member);
  }
  page.put("</ul>\n");
}

}  // namespace ot::agent::plant_report
