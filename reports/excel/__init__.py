"""The Excel summary: one workbook whose every figure is a live formula that also carries its value."""
