package dev.provision.planner.schedule;

import java.time.Duration;

import dev.provision.planner.capacity.Share;

/**
 * What is held of the pool from one instant to the next level's.
 *
 * @param booting
 *            machines that boot then
 */
public record Level(Duration at, Share held, int booting) {}
