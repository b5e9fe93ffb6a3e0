// The device that trains, at the top of the page: the first trainings begin before it is known.

/** Say what trains, where the page said that it is still loading. */
export function tellDevice(device) {
  const place = document.querySelector(".lrl-device");
  if (place && device && place.textContent !== device) place.textContent = device;
}
