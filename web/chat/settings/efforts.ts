/** How much a model may think before it answers, as people choose it. */
export const efforts = [
  { value: "", label: "As the model does by itself" },
  { value: "none", label: "None" },
  { value: "minimal", label: "Minimal" },
  { value: "low", label: "Low" },
  { value: "medium", label: "Medium" },
  { value: "high", label: "High" },
  { value: "xhigh", label: "Very high" },
  { value: "max", label: "As much as it can" },
];
