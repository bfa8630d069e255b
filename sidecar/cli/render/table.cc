// SPDX-License-Identifier: Apache-2.0
#include "cli/render/table.h"

#include <algorithm>
#include <utility>

#include "cli/render/text.h"

namespace candor::cli {

Table::Table(std::vector<Column> columns, size_t indent) : columns_(std::move(columns)), indent_(indent) {}

void Table::Add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }

std::string Table::Line(const std::vector<Cell>& row, const std::vector<size_t>& widths,
                        const Style& style) const {
  std::string line(indent_, ' ');
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string pad(widths[i] - Columns(row[i].text), ' ');
    const std::string painted = style.Paint(row[i].hue, row[i].text);
    if (i > 0) line += "  ";
    line += columns_[i].right ? pad + painted : painted + pad;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string Table::Render(const Style& style) const {
  std::vector<Cell> titles;
  std::vector<size_t> widths;
  for (const Column& column : columns_) {
    titles.push_back({column.title, Hue::kDim});
    widths.push_back(Columns(column.title));
  }
  for (const auto& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Columns(row[i].text));
  }
  std::string out = Line(titles, widths, style);
  for (const auto& row : rows_) out += Line(row, widths, style);
  return out;
}

}  // namespace candor::cli
